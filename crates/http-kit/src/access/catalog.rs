//! Rows of the catalog slice.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

const SEES: Who = Who::May(Permission::SeeSelling);
const MANAGES: Who = Who::May(Permission::ManageProducts);
const LOOKS: Who = Who::May(Permission::SeeOperations);
const REVIEWS: Who = Who::May(Permission::ReviewProducts);
const PRODUCT: Object = Object::Own("product");
const RELEASE: Object = Object::Own("release");
const ANY_RELEASE: Object = Object::Any("release");
const ANY_PRODUCT: Object = Object::Any("product");

/// The rows.
pub const ROWS: &[Row] = &[
    // The storefront.
    row("GET", "/", Who::Anyone, Object::Nothing),
    row("GET", "/search", Who::Anyone, Object::Nothing),
    row("GET", "/products/{slug}", Who::Anyone, Object::Public),
    row("GET", "/products/{slug}/price", Who::Anyone, Object::Public),
    row("GET", "/images/{name}", Who::Anyone, Object::Public),
    row("GET", "/sitemap.xml", Who::Anyone, Object::Nothing),
    row("GET", "/robots.txt", Who::Anyone, Object::Nothing),
    // The seller's products.
    row("GET", "/seller/products", SEES, Object::Nothing),
    row("POST", "/seller/products", MANAGES, Object::Nothing),
    row("GET", "/seller/products/{id}", SEES, PRODUCT),
    row("GET", "/seller/products/{id}/preview", SEES, PRODUCT),
    row("GET", "/seller/products/{id}/{section}", SEES, PRODUCT),
    row("POST", "/seller/products/{id}/{section}", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/{section}/draft", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/logo", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/logo/remove", MANAGES, PRODUCT),
    row("GET", "/seller/products/{id}/report", SEES, PRODUCT),
    row("POST", "/seller/products/{id}/report", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/report/remove", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/specifications/add", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/specifications/{specification}/save", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/specifications/{specification}/autosave", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/specifications/{specification}/remove", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/submit", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/delete", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/show-or-hide", MANAGES, PRODUCT),
    row("POST", "/seller/products/{id}/discontinue", MANAGES, PRODUCT),
    row("POST", "/seller/releases/{id}/withdraw", MANAGES, RELEASE),
    // The operator's review.
    row("GET", "/operator/releases", LOOKS, Object::Nothing),
    row("GET", "/operator/releases/{id}", LOOKS, ANY_RELEASE),
    row("GET", "/operator/releases/{id}/report", LOOKS, ANY_RELEASE),
    row("POST", "/operator/releases/{id}/claim", REVIEWS, ANY_RELEASE),
    row("POST", "/operator/releases/{id}/unclaim", REVIEWS, ANY_RELEASE),
    row("POST", "/operator/releases/{id}/decide", REVIEWS, ANY_RELEASE),
    row("POST", "/operator/products/{id}/freeze", REVIEWS, ANY_PRODUCT),
    row("POST", "/operator/products/{id}/unfreeze", REVIEWS, ANY_PRODUCT),
    // The API.
    row("GET", "/api/v1/products", Who::Anyone, Object::Nothing),
    row("GET", "/api/v1/products/suggestions", Who::Anyone, Object::Nothing),
    row("GET", "/api/v1/products/{id}", Who::Anyone, Object::Public),
    row("POST", "/api/v1/quotes", Who::Anyone, Object::Nothing),
    row("GET", "/api/v1/seller/products", SEES, Object::Nothing),
    row("POST", "/api/v1/seller/products", MANAGES, Object::Nothing),
    row("GET", "/api/v1/seller/products/{id}", SEES, PRODUCT),
    row("PATCH", "/api/v1/seller/products/{id}", MANAGES, PRODUCT),
    row("DELETE", "/api/v1/seller/products/{id}", MANAGES, PRODUCT),
    row("PUT", "/api/v1/seller/products/{id}/logo", MANAGES, PRODUCT),
    row("GET", "/api/v1/seller/products/{id}/report", SEES, PRODUCT),
    row("PUT", "/api/v1/seller/products/{id}/report", MANAGES, PRODUCT),
    row("DELETE", "/api/v1/seller/products/{id}/report", MANAGES, PRODUCT),
    row("POST", "/api/v1/seller/products/{id}/specifications", MANAGES, PRODUCT),
    row("PATCH", "/api/v1/seller/products/{id}/specifications/{specification}", MANAGES, PRODUCT),
    row("DELETE", "/api/v1/seller/products/{id}/specifications/{specification}", MANAGES, PRODUCT),
    row("POST", "/api/v1/seller/products/{id}/submit", MANAGES, PRODUCT),
    row("POST", "/api/v1/seller/products/{id}/visibility", MANAGES, PRODUCT),
    row("POST", "/api/v1/seller/products/{id}/discontinue", MANAGES, PRODUCT),
    row("GET", "/api/v1/seller/releases", SEES, Object::Nothing),
    row("GET", "/api/v1/seller/releases/{id}", SEES, RELEASE),
    row("POST", "/api/v1/seller/releases/{id}/withdraw", MANAGES, RELEASE),
    row("GET", "/api/v1/operator/releases", LOOKS, Object::Nothing),
    row("GET", "/api/v1/operator/releases/{id}", LOOKS, ANY_RELEASE),
    row("GET", "/api/v1/operator/releases/{id}/report", LOOKS, ANY_RELEASE),
    row("POST", "/api/v1/operator/releases/{id}/claim", REVIEWS, ANY_RELEASE),
    row("POST", "/api/v1/operator/releases/{id}/unclaim", REVIEWS, ANY_RELEASE),
    row("POST", "/api/v1/operator/releases/{id}/approve", REVIEWS, ANY_RELEASE),
    row("POST", "/api/v1/operator/releases/{id}/reject", REVIEWS, ANY_RELEASE),
    row("POST", "/api/v1/operator/products/{id}/freeze", REVIEWS, ANY_PRODUCT),
    row("POST", "/api/v1/operator/products/{id}/unfreeze", REVIEWS, ANY_PRODUCT),
];
