//! Sellers of a demo: application, approval, interface address with its key and the proof of its domain, and debugging
//! against the running system.

use std::path::Path;

use anyhow::{Context as _, bail};
use app::App;
use app::selling::addresses::AddAddress;
use app::selling::applications::SaveDraft;
use app::selling::debugger::{self, SaveCase, SendSample};
use app::selling::prove_domain::domain_proof;
use app::selling::review::Decision;
use domain::identity::Actor;
use domain::ids::{InterfaceAddressId, SellerApplicationId};
use domain::selling::{Activity, ApplicationForm, BillingMode, ProtocolVersion, SellerAgreement, required_activities};
use domain::text::Language;

use super::people::Newcomers;
use crate::demo::catalogue::Seller;
use crate::demo::folder::Part;
use crate::demo::logo;

/// A business licence that says that it is none.
const SPECIMEN: &[u8] = include_bytes!("../../../demo/business-licence.pdf");

/// A seller who can release products.
#[derive(Clone)]
pub struct Established {
    /// The word in addresses.
    pub slug: String,
    /// Who acts for it.
    pub actor: Actor,
    /// Where its system is called.
    pub address: InterfaceAddressId,
    /// The line of its system's key file.
    pub key_line: String,
}

/// Signs a seller up, applies, has the operator approve, and adds an interface address.
pub async fn establish(
    app: &App,
    operator: &Actor,
    people: &Newcomers,
    seller: &Seller,
    system: &str,
) -> anyhow::Result<Established> {
    let name = &seller.name.en;
    let customer = people.sign_up(Part::Seller, name, contact(&seller.slug), &seller.email, Language::English).await?;
    let application = apply(app, &customer, (&seller.slug, &form(seller))).await?;
    app.decide_seller_application(operator, application, Decision::Approve).await.context("approval")?;
    let actor = people.again(&customer).await?;
    let path = format!("/produce/{}", seller.slug);
    let ask = AddAddress {
        url: format!("{system}{path}"),
        access_key: String::new(),
        body_sign: "required".to_owned(),
        ..AddAddress::default()
    };
    let address = app.add_interface_address(&actor, ask).await.context("the interface address")?.id;
    let key = app.reveal_access_key(&actor, address).await.context("the access key")?;
    let key_line = format!("{path} {key} {name}\n");
    Ok(Established { slug: seller.slug.clone(), actor, address, key_line })
}

/// Hands an application in.
pub async fn apply(
    app: &App,
    actor: &Actor,
    (slug, form): (&str, &ApplicationForm),
) -> anyhow::Result<SellerApplicationId> {
    app.upload_company_logo(actor, logo::png(slug)?).await.context("the logo")?;
    app.upload_business_licence(actor, SPECIMEN.to_vec()).await.context("the business licence")?;
    let ask = SaveDraft { form: form.clone(), known_revision: None };
    Ok(app.submit_seller_application(actor, ask).await.context("the application")?.id)
}

/// Puts the proof of the domain at the root of the system's site and has it looked at.
pub async fn prove(app: &App, seller: &Established, site: &Path) -> anyhow::Result<()> {
    let view = domain_proof(app, &seller.actor, seller.address).await?;
    let file = site.join(&view.file_name);
    std::fs::write(&file, format!("{}\n", view.text)).with_context(|| file.display().to_string())?;
    let view = app.prove_domain(&seller.actor, seller.address).await?;
    match view.proof.last_failure {
        Some((failure, _)) => bail!("the file at {} proves nothing: {}", view.url(), failure.code()),
        None => Ok(()),
    }
}

/// Sends one sample of each activity and saves it as a case.
pub async fn debug(app: &App, seller: &Established) -> anyhow::Result<()> {
    for activity in required_activities(ProtocolVersion::V2, BillingMode::Period).iter().copied() {
        let bench = debugger::bench(app, &seller.actor, seller.address).await?;
        let ask = SendSample {
            address: seller.address,
            activity,
            values: debugger::invented(app, &bench, activity),
            save: SaveCase::Named(case_name(activity).to_owned()),
        };
        let sent = app.send_debug_sample(&seller.actor, ask).await?;
        if sent.saved.is_none() {
            bail!("{} did not pass: {:?}", activity.code(), sent.run.checks);
        }
    }
    Ok(())
}

fn case_name(activity: Activity) -> &'static str {
    match activity {
        Activity::NewInstance => "A new customer",
        Activity::QueryInstance => "Access data of the new customer",
        Activity::RefreshInstance => "One more month",
        Activity::UpdateInstanceStatus => "Freeze",
        Activity::ReleaseInstance => "The customer leaves",
        Activity::UpgradeInstance => "More seats",
        Activity::ChangeInstanceCheck => "Another plan from the next term on",
        Activity::OrderNotify => "An order was placed",
        Activity::ExpireInstance => "The term is over",
        Activity::InstanceStatus => "Freeze what is paid by use",
        Activity::Upgrade => "More seats",
        Activity::GetLicenseAsync | Activity::GetLicense => "A licence is asked for",
        Activity::RefreshLicenseCode => "One more year of a licence code",
        Activity::UpdateLicenseCodeStatus => "Freeze a licence code",
        Activity::ReleaseLicenseCode | Activity::ReleaseLicense => "A licence is given back",
        Activity::TenantSync => "A company joins",
        Activity::ApplicationSync => "The company's credential",
        Activity::AuthSync => "Two people may use it",
        Activity::SingleOrgSync => "A new department",
        Activity::AllOrgSync => "Every department",
    }
}

/// Who signs for each seller. Invented, as everybody here.
fn contact(slug: &str) -> &'static str {
    match slug {
        "panshi" => "Gu Yanqing",
        "saltmarsh" => "Tom Ashdown",
        "nordhavn" => "Maja Holm",
        "tessera" => "Inês Carvalho",
        "quillwright" => "Shen Lulu",
        "lampwick" => "Devi Ramasamy",
        "counting-house" => "Wong Ka Yee",
        "tidemark" => "Jonas Behrendt",
        "mulberry-lane" => "Xu Wenjing",
        "chestnut-yard" => "Aisyah Rahman",
        "ferrybridge" => "Luo Jianming",
        "plumbline" => "Hana Wiremu",
        _ => "Robin Hale",
    }
}

fn form(seller: &Seller) -> ApplicationForm {
    ApplicationForm {
        company_name: seller.name.en.clone(),
        website: format!("https://www.{}.example", seller.slug),
        years_in_business: "5-10".to_owned(),
        employees: "50-199".to_owned(),
        registered_capital: "USD 500,000".to_owned(),
        licence_number: format!(
            "REG-{:08}",
            seller.slug.bytes().fold(1_u32, |sum, byte| sum.wrapping_mul(31) % 89_999_999 + u32::from(byte))
        ),
        contact_name: contact(&seller.slug).to_owned(),
        contact_mobile: seller.phone.clone(),
        contact_email: seller.email.clone(),
        country: "Singapore".to_owned(),
        province: String::new(),
        city: "Singapore".to_owned(),
        street: "12 Harbour Walk".to_owned(),
        postcode: "018956".to_owned(),
        support_phone: seller.phone.clone(),
        support_email: seller.email.clone(),
        introduction: seller.about.en.clone(),
        agreed: SellerAgreement::ALL.iter().map(|agreement| agreement.code().to_owned()).collect(),
    }
}

/// The company whose application waits for the operator.
pub fn bluebell() -> ApplicationForm {
    ApplicationForm {
        company_name: "Bluebell Forms Ltd".to_owned(),
        website: "https://www.bluebell.example".to_owned(),
        years_in_business: "3-5".to_owned(),
        employees: "5-49".to_owned(),
        registered_capital: "GBP 120,000".to_owned(),
        licence_number: "GB-10482276".to_owned(),
        contact_name: "Iris Okafor".to_owned(),
        contact_mobile: "+44 7700 900142".to_owned(),
        contact_email: "iris@bluebell.example".to_owned(),
        country: "United Kingdom".to_owned(),
        province: "Devon".to_owned(),
        city: "Exeter".to_owned(),
        street: "4 Castle Yard".to_owned(),
        postcode: "EX4 3PU".to_owned(),
        support_phone: "+44 1632 960184".to_owned(),
        support_email: "help@bluebell.example".to_owned(),
        introduction:
            "Bluebell makes forms that people finish: short, kind to phones, and readable by a machine afterwards. \
                       Nine people, two of them answer the phone."
                .to_owned(),
        agreed: SellerAgreement::ALL.iter().map(|agreement| agreement.code().to_owned()).collect(),
    }
}
