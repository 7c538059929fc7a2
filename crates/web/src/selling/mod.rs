//! Selling, for people: the application, the seller's overview, addresses and keys, the debugger and its cases; the
//! operator's queue of applications.

mod address;
mod addresses;
mod agreements;
mod application;
mod bytes;
mod cases;
mod debugger;
mod dial_tests;
mod interfaces;
mod keys;
mod overview;
mod papers;
mod proof;
mod queue;
mod result;
mod review;
mod work;

pub use address::AddressPage;
pub use addresses::AddressesPage;
pub use agreements::AgreementPage;
pub use application::ApplicationPage;
pub use cases::CasesPage;
pub use debugger::DebuggerPage;
pub use interfaces::{InterfacePage, InterfacesPage};
pub use overview::OverviewPage;
pub use papers::Papers;
pub use queue::QueuePage;
pub use review::ReviewPage;
pub use work::WorkPage;

use app::selling::addresses::AddressView;
use domain::selling::{
    Activity, ActivityGroup, ApplicationStage, BillingMode, BodySignPolicy, CaseNeed, ProtocolVersion, case_need,
};
use http_kit::{Routes, route};
use language::Words;

use crate::form::Choice;
use crate::frame::{PageFrame, form_value};
use crate::parts::{Cell, Column, Status, Table};

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/seller" => overview::show))
        .with(route!(GET "/seller/application" => application::show))
        .with(route!(POST "/seller/application" => application::act))
        .with(route!(POST "/seller/application/draft" => application::autosave))
        .with(route!(GET "/seller/application/licence" => papers::mine))
        .with(route!(GET "/agreements/{code}/{version}" => agreements::show))
        .with(route!(GET "/seller/addresses" => addresses::show))
        .with(route!(POST "/seller/addresses" => addresses::add))
        .with(route!(GET "/seller/addresses/{id}" => address::show))
        .with(route!(POST "/seller/addresses/{id}/reveal" => address::reveal))
        .with(route!(POST "/seller/addresses/{id}/key" => address::replace))
        .with(route!(POST "/seller/addresses/{id}/body-sign" => address::set_policy))
        .with(route!(POST "/seller/addresses/{id}/order-notices" => address::set_notices))
        .with(route!(POST "/seller/addresses/{id}/encrypt-type" => address::set_encrypt_type))
        .with(route!(POST "/seller/addresses/{id}/product-info" => address::set_product_info))
        .with(route!(POST "/seller/addresses/{id}/protocol" => address::set_protocol))
        .with(route!(POST "/seller/addresses/{id}/retire-key" => keys::retire))
        .with(route!(POST "/seller/addresses/{id}/prove" => proof::prove))
        .with(route!(GET "/seller/addresses/{id}/proof-file" => proof::file))
        .with(route!(POST "/seller/addresses/{id}/dial-test" => dial_tests::run))
        .with(route!(GET "/seller/debugger" => debugger::choose))
        .with(route!(GET "/seller/debugger/{id}" => debugger::show))
        .with(route!(POST "/seller/debugger/{id}" => debugger::act))
        .with(route!(GET "/seller/cases" => cases::show))
        .with(route!(POST "/seller/cases/{id}/run" => cases::run))
        .with(route!(POST "/seller/cases/{id}/delete" => cases::delete))
        .with(route!(GET "/operator" => work::show))
        .with(route!(GET "/operator/interfaces" => interfaces::list))
        .with(route!(GET "/operator/interfaces/{id}" => interfaces::show))
        .with(route!(POST "/operator/interfaces/{id}" => interfaces::decide))
        .with(route!(GET "/operator/applications" => queue::show))
        .with(route!(GET "/operator/applications/{id}" => review::show))
        .with(route!(GET "/operator/applications/{id}/licence" => papers::of_application))
        .with(route!(POST "/operator/applications/{id}" => review::act))
}

/// The frame with what the redirect to it says was done.
fn with_said(mut frame: PageFrame) -> PageFrame {
    let words = frame.words;
    frame.said = match in_query(&frame, "said").as_deref() {
        Some("draft") => Some(words.selling_apply_saved().to_owned()),
        Some("submitted") => Some(words.selling_apply_submitted().to_owned()),
        Some("added") => Some(words.selling_address_added().to_owned()),
        Some("replaced") => Some(words.selling_address_replaced().to_owned()),
        Some("protocol") => Some(words.selling_address_protocol_saved().to_owned()),
        Some("notices") => Some(words.selling_notices_saved().to_owned()),
        Some("wire-form") => Some(words.wire_form_saved().to_owned()),
        Some("policy") => Some(words.selling_address_policy_saved().to_owned()),
        Some("retired") => Some(words.bound_retired().to_owned()),
        Some("proven") => Some(words.proof_now_proven().to_owned()),
        Some("unproven") => Some(words.proof_still_unproven().to_owned()),
        Some("deleted") => Some(words.selling_case_deleted().to_owned()),
        Some("rejected") => Some(words.selling_review_rejected().to_owned()),
        Some(_) | None => None,
    };
    frame
}

/// A parameter of the page's own query.
fn in_query(frame: &PageFrame, name: &str) -> Option<String> {
    let query = frame.path.split_once('?').map_or("", |(_, query)| query);
    form_value(query, name)
}

/// What a call is called on tabs and in lists.
fn activity_name(words: &Words, activity: Activity) -> &'static str {
    match activity {
        Activity::NewInstance => words.selling_activity_newinstance(),
        Activity::QueryInstance => words.selling_activity_queryinstance(),
        Activity::RefreshInstance => words.selling_activity_refreshinstance(),
        Activity::UpdateInstanceStatus => words.selling_activity_updateinstancestatus(),
        Activity::ReleaseInstance => words.selling_activity_releaseinstance(),
        Activity::UpgradeInstance => words.selling_activity_upgradeinstance(),
        Activity::ChangeInstanceCheck => words.selling_activity_changeinstancecheck(),
        Activity::OrderNotify => words.selling_activity_ordernotify(),
        Activity::ExpireInstance => words.selling_activity_expireinstance(),
        Activity::InstanceStatus => words.selling_activity_instancestatus(),
        Activity::Upgrade => words.selling_activity_upgrade(),
        Activity::GetLicenseAsync => words.selling_activity_getlicenseasync(),
        Activity::RefreshLicenseCode => words.selling_activity_refreshlicensecode(),
        Activity::UpdateLicenseCodeStatus => words.selling_activity_updatelicensecodestatus(),
        Activity::ReleaseLicenseCode => words.selling_activity_releaselicensecode(),
        Activity::GetLicense => words.selling_activity_getlicense(),
        Activity::ReleaseLicense => words.selling_activity_releaselicense(),
        Activity::TenantSync => words.selling_activity_tenantsync(),
        Activity::ApplicationSync => words.selling_activity_applicationsync(),
        Activity::AuthSync => words.selling_activity_authsync(),
        Activity::SingleOrgSync => words.selling_activity_singleorgsync(),
        Activity::AllOrgSync => words.selling_activity_allorgsync(),
    }
}

fn billing_name(words: &Words, billing: BillingMode) -> &'static str {
    match billing {
        BillingMode::OneTime => words.selling_billing_one_time(),
        BillingMode::Period => words.selling_billing_period(),
        BillingMode::PayPerUse => words.selling_billing_pay_per_use(),
    }
}

/// The billing modes, one after the other, or that there is none.
fn modes(words: &Words, ready: &[BillingMode]) -> String {
    if ready.is_empty() {
        return words.selling_address_ready_none().to_owned();
    }
    ready.iter().map(|billing| billing_name(words, *billing)).collect::<Vec<_>>().join(", ")
}

fn stage_status(words: &Words, stage: ApplicationStage) -> Status {
    match stage {
        ApplicationStage::Draft => Status::plain(words.selling_stage_draft()),
        ApplicationStage::PendingReview => Status::info(words.selling_stage_pending_review()),
        ApplicationStage::Approved => Status::good(words.selling_stage_approved()),
        ApplicationStage::Rejected => Status::warn(words.selling_stage_rejected()),
    }
}

/// The policies for signed answers, each with what it means.
fn policies(words: &Words) -> Vec<Choice> {
    let choice = |policy: BodySignPolicy| match policy {
        BodySignPolicy::Off => {
            Choice::new(policy.code(), words.selling_policy_off()).with_note(words.selling_policy_off_note())
        }
        BodySignPolicy::IfPresent => Choice::new(policy.code(), words.selling_policy_if_present())
            .with_note(words.selling_policy_if_present_note()),
        BodySignPolicy::Required => {
            Choice::new(policy.code(), words.selling_policy_required()).with_note(words.selling_policy_required_note())
        }
    };
    BodySignPolicy::ALL.map(choice).into()
}

/// The versions of the protocol, each with what it is for.
fn protocols(words: &Words) -> Vec<Choice> {
    let choice = |protocol: ProtocolVersion| match protocol {
        ProtocolVersion::V1 => {
            Choice::new(protocol.code(), words.selling_protocol_one()).with_note(words.selling_protocol_one_note())
        }
        ProtocolVersion::V2 => {
            Choice::new(protocol.code(), words.selling_protocol_two()).with_note(words.selling_protocol_two_note())
        }
    };
    ProtocolVersion::ALL.map(choice).into()
}

/// Which cases each billing mode needs, and which are saved.
fn matrix(words: &Words, view: &AddressView) -> Table {
    let columns = vec![
        Column::new(words.selling_matrix_activity()),
        Column::new(words.selling_billing_one_time()),
        Column::new(words.selling_matrix_period()),
        Column::new(words.selling_billing_pay_per_use()),
    ];
    let mut table = Table::new(words.selling_matrix(), columns);
    let protocol = view.address.protocol;
    let saved = |activity: Activity| view.cases.iter().any(|case| case.activity == activity);
    // No mode requires the other groups: they get a line when there is something to say.
    let shown = |activity: &Activity| activity.group() == ActivityGroup::Instances || saved(*activity);
    for activity in Activity::of(protocol).iter().copied().filter(shown) {
        let cell = |billing: BillingMode| match (case_need(protocol, billing, activity), saved(activity)) {
            (CaseNeed::NotNeeded, _) => Cell::text(words.selling_matrix_not_needed()),
            (CaseNeed::Required | CaseNeed::Optional, true) => Cell::Status(Status::good(words.selling_matrix_saved())),
            (CaseNeed::Required, false) => {
                Cell::Status(Status::plain(words.selling_matrix_missing()).with_icon("circle-dashed"))
            }
            (CaseNeed::Optional, false) => Cell::text(words.selling_matrix_optional()),
        };
        let href = format!("/seller/debugger/{}?activity={}", view.address.id, activity.code());
        let name = Cell::LinkPair(activity_name(words, activity).to_owned(), href, activity.code().to_owned());
        table =
            table.row(vec![name, cell(BillingMode::OneTime), cell(BillingMode::Period), cell(BillingMode::PayPerUse)]);
    }
    table
}

#[cfg(test)]
fn sample_view() -> AddressView {
    use domain::ids::{DebugCaseId, Id as _, InterfaceAddressId, OrganisationId};
    use domain::selling::{DebugCase, InterfaceAddress, KeyHint};
    let at = "2026-05-14T13:28:00Z".parse().expect("an instant");
    let address = InterfaceAddress {
        id: InterfaceAddressId::from_u128(1),
        seller: OrganisationId::from_u128(2),
        url: "https://saas.example.com/produce?a=<script>".to_owned(),
        sealed_key: "sealed".to_owned(),
        key_hint: KeyHint::of_key("kg-test-access-key-0001"),
        protocol: ProtocolVersion::V2,
        body_sign: BodySignPolicy::IfPresent,
        created_at: at,
        key_set_at: at,
        retiring: None,
        notice_key: None,
        licence_key: None,
        joint_key: None,
        order_notices: domain::selling::OrderNotices::Off,
        encrypt_type: domain::selling::EncryptType::default(),
        product_info: domain::selling::ProductInfoForm::default(),
    };
    let case = |number: u128, activity: Activity| DebugCase {
        id: DebugCaseId::from_u128(number),
        address: address.id,
        seller: address.seller,
        activity,
        name: format!("{} <script>", activity.code()),
        values: Default::default(),
        saved_at: at,
    };
    let cases =
        vec![case(1, Activity::NewInstance), case(2, Activity::QueryInstance), case(3, Activity::ReleaseInstance)];
    AddressView { address, cases }
}

/// The same, of a system that speaks version 1.0.
#[cfg(test)]
fn sample_view_one() -> AddressView {
    let mut view = sample_view();
    view.address.protocol = ProtocolVersion::V1;
    view.address.body_sign = BodySignPolicy::Required;
    view.cases.retain(|case| case.activity != Activity::QueryInstance);
    view
}
