//! Things of the selling slice.

use std::sync::atomic::{AtomicU32, Ordering};

use app::selling::addresses::AddAddress;
use app::selling::applications::SaveDraft;
use app::selling::debugger::{SaveCase, SendSample};
use domain::selling::{Activity, ApplicationForm, DebugValues, InterfaceAddress, SellerAgreement};
use testkit::{Person, World};

/// A number that no other thing of this process has.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn address(world: &World, owner: &Person) -> InterfaceAddress {
    let owner = world.sign_in(&owner.email).await.expect("everybody has the same password");
    let url = format!("https://saas.example.com/produce/{}", next());
    let ask = AddAddress { url, ..AddAddress::default() };
    world.app.add_interface_address(&owner.actor, ask).await.expect("a good address")
}

fn values() -> DebugValues {
    [("instanceId".to_owned(), "i-1".to_owned())].into()
}

async fn case(world: &World, owner: &Person) -> String {
    let address = address(world, owner).await;
    let owner = world.sign_in(&owner.email).await.expect("everybody has the same password");
    world.seller.will_answer(
        r#"{"resultCode":"000000","info":[{"instanceId":"i-1","appInfo":{"frontEndUrl":"https://app.example.com/"}}]}"#,
    );
    let save = SaveCase::Named("query".to_owned());
    let ask = SendSample { address: address.id, activity: Activity::QueryInstance, values: values(), save };
    let sent = world.app.send_debug_sample(&owner.actor, ask).await.expect("it is sent");
    sent.saved.expect("the answer passes every check").to_string()
}

async fn run(world: &World, owner: &Person) -> String {
    let address = address(world, owner).await;
    let owner = world.sign_in(&owner.email).await.expect("everybody has the same password");
    let ask =
        SendSample { address: address.id, activity: Activity::QueryInstance, values: values(), save: SaveCase::No };
    world.app.send_debug_sample(&owner.actor, ask).await.expect("it is sent").run.id.to_string()
}

/// The application of somebody new, because an organisation has one only, and a seller has none that waits.
async fn application(world: &World) -> String {
    let applicant = world.customer(&format!("Applicant {}", next())).await;
    let text = str::to_owned;
    let form = ApplicationForm {
        company_name: text("Kestrel"),
        website: text("https://kestrel.example"),
        years_in_business: text("3-5"),
        employees: text("5-49"),
        registered_capital: text("CNY 5,000,000"),
        licence_number: text("91310000MA1K00000X"),
        contact_name: text("Lin Wei"),
        contact_mobile: text("+86 138 0000 0000"),
        contact_email: text("lin@kestrel.example"),
        country: text("China"),
        province: String::new(),
        city: text("Shanghai"),
        street: text("8 Century Avenue"),
        postcode: String::new(),
        support_phone: text("+86 21 0000 0000"),
        support_email: text("help@kestrel.example"),
        introduction: text("We plan the routes of small freight companies."),
        agreed: SellerAgreement::ALL.map(|agreement| text(agreement.code())).to_vec(),
    };
    let ask = SaveDraft { form, known_revision: None };
    let submitted = world.app.submit_seller_application(&applicant.actor, ask).await;
    submitted.expect("a form that holds").id.to_string()
}

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<String> {
    Some(match sort {
        "interface_address" => address(world, owner).await.id.to_string(),
        "debug_case" => case(world, owner).await,
        "debug_run" => run(world, owner).await,
        "seller_application" => application(world).await,
        _ => return None,
    })
}

pub fn body(method: &str, path: &str) -> Option<&'static str> {
    match (method, path) {
        ("POST", "/seller/debugger/{id}") => Some("activity=queryInstance&instanceId=i-1&act=generate"),
        ("POST", "/api/v1/interface-addresses/{id}/debug-requests" | "/api/v1/interface-addresses/{id}/debug-runs") => {
            Some(r#"{"activity":"queryInstance","values":{"instanceId":"i-1"}}"#)
        }
        ("POST", "/api/v1/seller-applications/{id}/reject") => Some(r#"{"reason":"The licence is out of date."}"#),
        ("POST", "/operator/applications/{id}") => Some("act=reject&reason=The+licence+is+out+of+date."),
        _ => None,
    }
}
