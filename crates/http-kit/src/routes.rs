//! Building routers: a route is a row of the authorisation table and a handler.

use app::App;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;

use crate::access::{Row, Who};
use crate::failure::Failure;
use crate::identify::Identified;

/// `route!(GET "/my/apps" => handler)`: a handler behind the row of its method and path. Without a row it does not
/// compile.
#[macro_export]
macro_rules! route {
    (GET $path:literal => $handler:expr) => { $crate::route!(@ "GET" $path, ::axum::routing::get($handler)) };
    (POST $path:literal => $handler:expr) => { $crate::route!(@ "POST" $path, ::axum::routing::post($handler)) };
    (PUT $path:literal => $handler:expr) => { $crate::route!(@ "PUT" $path, ::axum::routing::put($handler)) };
    (PATCH $path:literal => $handler:expr) => { $crate::route!(@ "PATCH" $path, ::axum::routing::patch($handler)) };
    (DELETE $path:literal => $handler:expr) => { $crate::route!(@ "DELETE" $path, ::axum::routing::delete($handler)) };
    (@ $method:literal $path:literal, $handler:expr) => {
        $crate::Route::new(const { $crate::access::find($method, $path) }, $handler)
    };
}

/// A handler behind its row.
pub struct Route {
    row: &'static Row,
    handler: MethodRouter<App>,
}

impl Route {
    /// Use [`route!`], which finds the row.
    pub fn new(row: &'static Row, handler: MethodRouter<App>) -> Route {
        // Only what matches: a method that has no row is 405 for everybody, and nobody is asked to sign in for it.
        let guarded = handler.route_layer(from_fn(move |request: Request, next: Next| check(row, request, next)));
        Route { row, handler: guarded }
    }

    /// The row.
    pub fn row(&self) -> &'static Row {
        self.row
    }
}

/// Several routes.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    rows: Vec<&'static Row>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// With one more route.
    #[must_use]
    pub fn with(mut self, route: Route) -> Routes {
        self.rows.push(route.row);
        self.router = self.router.route(route.row.path, route.handler);
        self
    }

    /// With all routes of another list.
    #[must_use]
    pub fn and(mut self, other: Routes) -> Routes {
        self.rows.extend(other.rows);
        self.router = self.router.merge(other.router);
        self
    }

    /// The rows of all routes: the matrix test compares them with the table.
    pub fn rows(&self) -> &[&'static Row] {
        &self.rows
    }

    /// The axum router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Refuses by the row before the handler sees anything.
async fn check(row: &'static Row, request: Request, next: Next) -> Response {
    let identified = request.extensions().get::<Identified>();
    let actor = identified.and_then(|identified| identified.actor.as_ref());
    match (row.who, actor) {
        (Who::Anyone | Who::Signed, _) => next.run(request).await,
        (Who::May(_), None) if request.method().is_safe() || row.path.starts_with("/api/") => {
            Failure::from(app::AppError::SignInNeeded).into_response()
        }
        (Who::May(_), None) => crate::kept::refuse(request).await,
        (Who::May(permission), Some(actor)) => match actor.require(permission) {
            Ok(()) => next.run(request).await,
            Err(refusal) => Failure::from(app::AppError::from(refusal)).into_response(),
        },
    }
}
