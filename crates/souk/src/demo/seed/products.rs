//! Products of a demo. What can be bought goes the whole way: draft, logo, submission with its live replay, review. What
//! cannot be bought yet comes in by the operator's import.

use anyhow::{Context as _, anyhow};
use app::App;
use app::catalog::{
    Listing, ListingSpecification, add_specification, approve_release, begin_draft, claim_release, import_listing,
    reject_release, save_section, submit_release, upload_logo,
};
use domain::catalog::{DeliveryMethod, Field, LocalisedList, Section, SpecificationField, Supervision, SupportContact};
use domain::identity::Actor;
use domain::ids::ProductId;
use domain::money::{Currency, Money};
use domain::pricing::{Prices, TrialDays};

use super::selling::Established;
use crate::demo::catalogue::{Both, Catalogue, Plan, Product, Seller};
use crate::demo::logo;

/// The product that waits for the operator.
const WAITS: &str = "snapkeep";
/// The product that was sent back.
const REJECTED: &str = "mosaic";

/// Brings one product of the catalogue into the market.
pub async fn release(
    app: &App,
    operator: &Actor,
    seller: &Established,
    catalogue: &Catalogue,
    index: usize,
) -> anyhow::Result<ProductId> {
    let product = &catalogue.products[index];
    let about = catalogue.seller_of(product).context("its seller")?;
    match product.method {
        DeliveryMethod::Saas => submit(app, operator, seller, Goods { catalogue, product, about }).await,
        DeliveryMethod::Image
        | DeliveryMethod::Licence
        | DeliveryMethod::ProfessionalService
        | DeliveryMethod::Consulting => list(app, seller, Goods { catalogue, product, about }).await,
    }
}

/// What is known of one product.
#[derive(Clone, Copy)]
struct Goods<'a> {
    catalogue: &'a Catalogue,
    product: &'a Product,
    about: &'a Seller,
}

async fn submit(app: &App, operator: &Actor, seller: &Established, goods: Goods<'_>) -> anyhow::Result<ProductId> {
    let (actor, product) = (&seller.actor, goods.product);
    let id = begin_draft(app, actor, product.method).await?;
    for (section, inputs) in goods.sections(seller) {
        save_section(app, actor, id, section, inputs, None).await.with_context(|| section.code())?;
    }
    for plan in &product.plans {
        add_plan(app, actor, id, plan).await?;
    }
    upload_logo(app, actor, id, logo::png(&product.slug)?).await.context("the logo")?;
    let release = submit_release(app, actor, id).await.context("submission")?;
    if product.slug == WAITS {
        return Ok(id);
    }
    claim_release(app, operator, release).await?;
    if product.slug == REJECTED {
        let reason = "The description does not say what happens to snapshots when the subscription ends. Please add it: buyers \
                      ask for it first.";
        let fields =
            [(Field::DescriptionEn.code().to_owned(), "Say what is kept, where, and for how long.".to_owned())];
        reject_release(app, operator, release, reason, &fields).await.context("rejection")?;
    } else {
        approve_release(app, operator, release).await.context("approval")?;
    }
    Ok(id)
}

async fn add_plan(app: &App, actor: &Actor, id: ProductId, plan: &Plan) -> anyhow::Result<()> {
    use SpecificationField as F;
    let currency = app.settings.site.currency;
    let price =
        |minor: Option<i64>| minor.map_or(String::new(), |minor| Money::new(minor, currency).to_decimal().to_string());
    let inputs = vec![
        (F::NameEn, plan.name.en.clone()),
        (F::NameZh, plan.name.zh.clone()),
        (F::SummaryEn, plan.about.en.clone()),
        (F::SummaryZh, plan.about.zh.clone()),
        (F::UnitEn, plan.unit.en.clone()),
        (F::UnitZh, plan.unit.zh.clone()),
        (F::Month, price(plan.monthly)),
        (F::Year, price(plan.yearly)),
        (F::Once, price(plan.one_time)),
        (F::TrialDays, plan.trial_days.map_or(String::new(), |days| days.to_string())),
        (F::Visibility, "public".to_owned()),
    ];
    add_specification(app, actor, id, inputs).await.context("a specification")?;
    Ok(())
}

async fn list(app: &App, seller: &Established, goods: Goods<'_>) -> anyhow::Result<ProductId> {
    let Goods { catalogue, product, about } = goods;
    let currency = app.settings.site.currency;
    let specifications =
        product.plans.iter().map(|plan| specification(plan, currency)).collect::<anyhow::Result<_>>()?;
    let listing = Listing {
        seller: seller.actor.organisation,
        slug: product.slug.clone(),
        delivery: product.method,
        name: product.name.localised(),
        version: product.version.parse().map_err(|()| anyhow!("version {}", product.version))?,
        category: product.category.parse().map_err(|()| anyhow!("category {}", product.category))?,
        overview: product.value.localised(),
        highlights: LocalisedList { en: product.highlights.en.clone(), zh: product.highlights.zh.clone() },
        description: catalogue.description(product).localised(),
        guide: goods.guide().localised(),
        supervision: Supervision::None,
        interface_address: None,
        handed_over: Vec::new(),
        specifications,
        agreement: catalogue.agreement(product).localised(),
        support: SupportContact {
            email: Some(about.email.clone()),
            phone: Some(about.phone.clone()),
            hours: Some(about.support.localised()),
        },
        contact_link: product.link.clone(),
        logo: Some(logo::png(&product.slug)?),
    };
    import_listing(app, listing).await.context("import")
}

fn specification(plan: &Plan, currency: Currency) -> anyhow::Result<ListingSpecification> {
    let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency));
    Ok(ListingSpecification {
        name: plan.name.localised(),
        summary: Some(plan.about.localised()),
        unit: Some(plan.unit.localised()),
        prices: Prices::new(money(plan.monthly), money(plan.yearly), money(plan.one_time))?,
        trial: plan.trial_days.and_then(TrialDays::new),
    })
}

impl Goods<'_> {
    /// How a buyer begins, in Markdown.
    fn guide(self) -> Both {
        let Goods { product, about, .. } = self;
        let en = format!(
            "## First steps\n\n1. Open **My apps** and choose {}.\n2. Copy the user name, show the first password, and open the address.\n\
             3. Sign in and change the password.\n\nQuestions? Write to {}. {}",
            product.name.en, about.email, about.support.en
        );
        let zh = format!(
            "## 开始使用\n\n1. 打开**我的应用**，选择“{}”。\n2. 复制用户名，查看初始密码，打开访问地址。\n3. 登录后请修改密码。\n\n\
             有疑问请联系 {}。{}",
            product.name.zh, about.email, about.support.zh
        );
        Both { en, zh }
    }

    /// Every field of the release form but the specifications, by section.
    fn sections(self, seller: &Established) -> Vec<(Section, Vec<(Field, String)>)> {
        let Goods { catalogue, product, about } = self;
        let pair = |en: Field, zh: Field, both: &Both| [(en, both.en.clone()), (zh, both.zh.clone())];
        let highlights = Both { en: product.highlights.en.join("\n"), zh: product.highlights.zh.join("\n") };
        let mut basics = vec![(Field::Version, product.version.clone()), (Field::Category, product.category.clone())];
        basics.extend(pair(Field::NameEn, Field::NameZh, &product.name));
        basics.extend(pair(Field::OverviewEn, Field::OverviewZh, &product.value));
        basics.extend(pair(Field::HighlightsEn, Field::HighlightsZh, &highlights));
        let mut details = pair(Field::DescriptionEn, Field::DescriptionZh, &catalogue.description(product)).to_vec();
        details.extend(pair(Field::GuideEn, Field::GuideZh, &self.guide()));
        let delivery = vec![
            (Field::Supervision, Supervision::None.code().to_owned()),
            (Field::InterfaceAddress, seller.address.to_string()),
            (Field::HandedOver, String::new()),
        ];
        let mut agreement =
            vec![(Field::SupportEmail, about.email.clone()), (Field::SupportPhone, about.phone.clone())];
        agreement.extend(pair(Field::AgreementEn, Field::AgreementZh, &catalogue.agreement(product)));
        agreement.extend(pair(Field::SupportHoursEn, Field::SupportHoursZh, &about.support));
        vec![
            (Section::Basics, basics),
            (Section::Details, details),
            (Section::Delivery, delivery),
            (Section::Agreement, agreement),
            (Section::Visibility, vec![(Field::Visibility, "public".to_owned())]),
        ]
    }
}
