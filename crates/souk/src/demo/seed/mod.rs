//! Fills a demo: every act is a use case that people have, in the order in which people would do it.

mod orders;
mod people;
mod products;
mod selling;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use domain::identity::Actor;
use domain::ids::ProductId;
use domain::text::Language;
use tokio::task::JoinSet;

use super::catalogue::Catalogue;
use super::folder::{DemoFolder, Part};
use super::local;
use people::Newcomers;

/// What the first customer has in use.
const BOUGHT: &str = "harbour-sso";

/// Fills the marketplace and notes in the folder who can sign in.
pub async fn seed(app: &App, folder: &mut DemoFolder) -> anyhow::Result<()> {
    let catalogue = Arc::new(Catalogue::read()?);
    let people = Newcomers::new(app.clone());
    let operator = people.operator().await.context("the operator")?;
    // Customers and the applicant first: their passwords are hashed while sellers already debug.
    let customers = tokio::try_join!(
        people.sign_up(Part::Customer, "Kestrel Clinics", "Nora Lindqvist", "nora@kestrel.example", Language::English),
        people.sign_up(Part::Customer, "青禾连锁超市", "陈思远", "chen@qinghe.example", Language::Chinese),
        people.sign_up(Part::Applicant, "Bluebell Forms", "Iris Okafor", "iris@bluebell.example", Language::English),
    )?;
    let sellers = sellers(app, &operator, &people, &catalogue, folder).await?;
    let products = release(app, &operator, &sellers, &catalogue).await?;
    selling::apply(app, &customers.2, ("bluebell", &selling::bluebell()))
        .await
        .context("the application that waits")?;
    orders::top_up(app, &operator, &customers.0, "5000.00").await?;
    orders::top_up(app, &operator, &customers.1, "800.00").await?;
    let bought = products.get(BOUGHT).context("the product that is bought")?;
    orders::buy(app, &customers.0, *bought).await?;
    folder.state.people = people.list();
    folder.state.seeded = true;
    folder.keep()
}

/// Signs every seller up, has them approved, and gives each an address with a key that their system knows.
async fn sellers(
    app: &App,
    operator: &Actor,
    people: &Newcomers,
    catalogue: &Arc<Catalogue>,
    folder: &DemoFolder,
) -> anyhow::Result<Vec<selling::Established>> {
    let mut work = JoinSet::new();
    for index in 0..catalogue.sellers.len() {
        let (app, operator, people, catalogue) = (app.clone(), operator.clone(), people.clone(), Arc::clone(catalogue));
        let system = format!("http://{}", local(folder.state.ports.seller));
        work.spawn(async move {
            let seller = &catalogue.sellers[index];
            let established = selling::establish(&app, &operator, &people, seller, &system).await;
            established.with_context(|| format!("seller {}", seller.slug))
        });
    }
    let mut sellers = Vec::new();
    while let Some(done) = work.join_next().await {
        sellers.push(done.context("a seller's task")??);
    }
    let keys: String = sellers.iter().map(|seller| seller.key_line.as_str()).collect();
    folder.write(&folder.key_file(), &format!("# PATH KEY PRODUCT NAME, written by souk demo\n{keys}"))?;
    let mut work = JoinSet::new();
    for seller in sellers.clone() {
        let (app, site) = (app.clone(), folder.site_folder());
        work.spawn(async move {
            selling::prove(&app, &seller, &site).await.with_context(|| format!("the domain of {}", seller.slug))?;
            let debugged = selling::debug(&app, &seller).await;
            debugged.with_context(|| format!("debugging of {}", seller.slug))
        });
    }
    while let Some(done) = work.join_next().await {
        done.context("a debugging task")??;
    }
    Ok(sellers)
}

/// Releases what can be bought through drafts and review, and lists the rest.
async fn release(
    app: &App,
    operator: &Actor,
    sellers: &[selling::Established],
    catalogue: &Arc<Catalogue>,
) -> anyhow::Result<HashMap<String, ProductId>> {
    let mut work = JoinSet::new();
    for index in 0..catalogue.products.len() {
        let slug = &catalogue.products[index].seller;
        let seller = sellers.iter().find(|seller| seller.slug == *slug).context("a product without a seller")?.clone();
        let (app, operator, catalogue) = (app.clone(), operator.clone(), Arc::clone(catalogue));
        work.spawn(async move {
            let released = products::release(&app, &operator, &seller, &catalogue, index).await;
            let slug = catalogue.products[index].slug.clone();
            released.with_context(|| format!("product {slug}")).map(|id| (slug, id))
        });
    }
    let mut products = HashMap::new();
    while let Some(done) = work.join_next().await {
        let (slug, id) = done.context("a product's task")??;
        products.insert(slug, id);
    }
    Ok(products)
}
