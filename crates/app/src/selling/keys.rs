//! The access keys of an address: which live, how one gives way to another, and one for each other type of interface
//! (seller-protocol 2.1).
//!
//! *What is promised.* At most two keys of an address live at once: calls are signed with the present one, what the seller
//! signs is good by either. The one before ends when its owner says so, or by itself after the time of the configuration;
//! then it is removed from the table. Keys of different types differ.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::identity::{Actor, FRESH_WINDOW, Permission};
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::outcome::{FieldProblem, Outcome};
use domain::selling::{BoundKey, InterfaceAddress, InterfaceType, KeyHint, RetiringKey};
use domain::time::Timestamp;
use koogallery::AccessKey;
use serde_json::json;
use store::Tx;
use store::selling::{addresses, keys};
use subtle::ConstantTimeEq as _;

use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::notices::{Audience, Notice, notify};
use crate::vault::Place;
use crate::{App, AppError};

const KIND: &str = "retire_access_key";

fn key_place(row: &str) -> Place<'_> {
    Place { table: "interface_addresses", column: "sealed_key", row }
}

fn retiring_place(row: &str) -> Place<'_> {
    Place { table: "interface_addresses", column: "retiring_key", row }
}

fn bound_place(row: &str) -> Place<'_> {
    Place { table: "bound_keys", column: "sealed_key", row }
}

fn bound_row(address: InterfaceAddressId, interface_type: InterfaceType) -> String {
    format!("{address}/{}", interface_type.code())
}

/// Opens the access key of an address, to sign a call with it or to show it to its owner.
pub fn open_key(app: &App, address: &InterfaceAddress) -> Result<String, AppError> {
    app.vault.open(key_place(&address.id.to_string()), &address.sealed_key)
}

/// Seals an access key for the row of an address.
pub fn seal_key(app: &App, address: InterfaceAddressId, key: &str) -> String {
    app.vault.seal(key_place(&address.to_string()), key)
}

/// The keys of an address that live now. What the seller signs is good by either.
pub struct LiveKeys {
    /// Calls are signed with it.
    pub present: AccessKey,
    /// The one before, while the present one is being introduced.
    pub retiring: Option<AccessKey>,
}

impl LiveKeys {
    /// Each of them, the present one first.
    pub fn each(&self) -> impl Iterator<Item = &AccessKey> {
        std::iter::once(&self.present).chain(&self.retiring)
    }
}

/// Opens the key that order notices of this address are signed with; none until one is bound.
pub(crate) fn notice_key(app: &App, address: &InterfaceAddress) -> Result<Option<AccessKey>, AppError> {
    opened(app, address, InterfaceType::OrderNotice, address.notice_key.as_deref())
}

/// Opens the key that calls about licence codes of this address are signed with; none until one is bound.
pub(super) fn licence_key(app: &App, address: &InterfaceAddress) -> Result<Option<AccessKey>, AppError> {
    opened(app, address, InterfaceType::LicenceCode, address.licence_key.as_deref())
}

/// The same for the joint-operations sync.
pub(super) fn joint_key(app: &App, address: &InterfaceAddress) -> Result<Option<AccessKey>, AppError> {
    opened(app, address, InterfaceType::JointOperations, address.joint_key.as_deref())
}

fn opened(
    app: &App,
    address: &InterfaceAddress,
    interface_type: InterfaceType,
    sealed: Option<&str>,
) -> Result<Option<AccessKey>, AppError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let key = app.vault.open(bound_place(&bound_row(address.id, interface_type)), sealed)?;
    let code = interface_type.code();
    let fault = |_| AppError::Internal(format!("the key of {} for {code} is not one", address.id));
    AccessKey::parse(&key).map(Some).map_err(fault)
}

/// Opens every key of the address that lives now.
pub fn live_keys(app: &App, address: &InterfaceAddress) -> Result<LiveKeys, AppError> {
    let parse = |key: String| {
        AccessKey::parse(&key).map_err(|_| AppError::Internal(format!("a key of {} is not one", address.id)))
    };
    let row = address.id.to_string();
    let retiring = address.retiring_at(app.now());
    let retiring = retiring.map(|key| app.vault.open(retiring_place(&row), &key.sealed_key)).transpose()?;
    Ok(LiveKeys { present: parse(open_key(app, address)?)?, retiring: retiring.map(parse).transpose()? })
}

/// The keys of other types of interface that are bound to an address of the own organisation.
pub async fn bound_keys(app: &App, actor: &Actor, id: InterfaceAddressId) -> Result<Vec<BoundKey>, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                Ok(keys::of(tx, id).await?)
            })
        })
        .await
}

impl App {
    /// Shows the key that is bound to an address for a type of interface, after a fresh sign-in. Each sight is an event.
    pub async fn reveal_bound_key(
        &self,
        actor: &Actor,
        id: InterfaceAddressId,
        interface_type: InterfaceType,
    ) -> Result<String, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        actor.require_fresh(self.now(), FRESH_WINDOW)?;
        let input = (actor.organisation, id, interface_type, self.moment(actor));
        let (address, bound) = self
            .store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, interface_type, moment)| {
                Box::pin(async move {
                    let address =
                        addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                    let bound = keys::of(tx, id).await?.into_iter().find(|key| key.interface_type == interface_type);
                    if interface_type != InterfaceType::Basic && bound.is_none() {
                        return Err(AppError::rule("no_key_bound"));
                    }
                    let facts = json!({ "interface_type": interface_type.code() });
                    moment.record(tx, "access_key_revealed", Some(seller), id, facts).await?;
                    Ok((address, bound))
                })
            })
            .await?;
        match bound {
            Some(bound) => self.vault.open(bound_place(&bound_row(id, interface_type)), &bound.sealed_key),
            None => open_key(self, &address),
        }
    }

    /// Binds a key for a type of interface, after a fresh sign-in. For the basic type that is a rotation: the key before
    /// lives on for a while. A key of another type is replaced at once: of those only order notices are called for real, and what is told by
    /// one may be missed.
    pub async fn bind_access_key(
        &self,
        actor: &Actor,
        id: InterfaceAddressId,
        interface_type: InterfaceType,
        typed: &str,
    ) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        actor.require_fresh(self.now(), FRESH_WINDOW)?;
        let key = self.given_or_new_key(typed).map_err(AppError::field)?;
        let input = (self.clone(), actor.organisation, id, (interface_type, key), self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (app, seller, id, (interface_type, key), moment)| {
                Box::pin(async move {
                    // Locked before it is looked at: of two bindings at once the second sees the first.
                    let kept = kept(tx, seller, id).await?;
                    app.refuse_shared(&kept, interface_type, &key)?;
                    match interface_type {
                        InterfaceType::Basic => app.introduce(tx, &moment, kept.address, &key).await,
                        InterfaceType::JointOperations | InterfaceType::LicenceCode | InterfaceType::OrderNotice => {
                            app.bind(tx, &moment, &kept, (interface_type, &key)).await
                        }
                    }
                })
            })
            .await
    }

    /// Puts another key in the place of the present one, after a fresh sign-in. Calls are signed with it from now on; the one
    /// before verifies what the seller signs until it is retired.
    pub async fn replace_access_key(&self, actor: &Actor, id: InterfaceAddressId, key: &str) -> Result<(), AppError> {
        self.bind_access_key(actor, id, InterfaceType::Basic, key).await
    }

    /// Types must not share a key, and a key does not replace itself.
    fn refuse_shared(&self, kept: &Kept, interface_type: InterfaceType, key: &AccessKey) -> Result<(), AppError> {
        let same = |other: &str| bool::from(other.as_bytes().ct_eq(key.reveal().as_bytes()));
        for live in live_keys(self, &kept.address)?.each() {
            if same(live.reveal()) {
                let code = if interface_type == InterfaceType::Basic { "key_is_the_same" } else { "key_shared" };
                return Err(AppError::field(FieldProblem::new("access_key", code)));
            }
        }
        for bound in &kept.bound {
            let row = bound_row(kept.address.id, bound.interface_type);
            if same(&self.vault.open(bound_place(&row), &bound.sealed_key)?) {
                let code = if interface_type == bound.interface_type { "key_is_the_same" } else { "key_shared" };
                return Err(AppError::field(FieldProblem::new("access_key", code)));
            }
        }
        Ok(())
    }

    async fn introduce(
        &self,
        tx: &mut Tx,
        moment: &Moment,
        mut address: InterfaceAddress,
        key: &AccessKey,
    ) -> Result<(), AppError> {
        if address.retiring_at(moment.now).is_some() {
            return Err(AppError::conflict("key_rotation_running"));
        }
        let row = address.id.to_string();
        let until = moment.now.checked_add(self.settings.selling.retiring_key_kept_for).unwrap_or(moment.now);
        let before = open_key(self, &address)?;
        address.retiring = Some(RetiringKey {
            sealed_key: self.vault.seal(retiring_place(&row), &before),
            key_hint: address.key_hint.clone(),
            until,
        });
        address.sealed_key = seal_key(self, address.id, key.reveal());
        (address.key_hint, address.key_set_at) = (KeyHint::of_key(key.reveal()), moment.now);
        addresses::save_keys(tx, &address).await?;
        let facts = json!({ "until": until.to_string() });
        moment.record(tx, "access_key_replaced", Some(address.seller), address.id, facts).await?;
        plan(tx, moment, address.id, until).await?;
        Ok(notify(tx, moment, told("access_key_replaced", &address, moment)).await?)
    }

    async fn bind(
        &self,
        tx: &mut Tx,
        moment: &Moment,
        kept: &Kept,
        (interface_type, key): (InterfaceType, &AccessKey),
    ) -> Result<(), AppError> {
        let address = &kept.address;
        let bound = BoundKey {
            interface_type,
            sealed_key: self.vault.seal(bound_place(&bound_row(address.id, interface_type)), key.reveal()),
            key_hint: KeyHint::of_key(key.reveal()),
            key_set_at: moment.now,
        };
        keys::bind(tx, address.id, &bound).await?;
        let facts = json!({ "interface_type": interface_type.code() });
        moment.record(tx, "access_key_bound", Some(address.seller), address.id, facts).await?;
        // The first key of a type puts none out of use.
        if kept.bound.iter().any(|key| key.interface_type == interface_type) {
            let kind = told("bound_key_replaced", address, moment);
            let about = format!("{}/{}", kind.about, interface_type.code());
            notify(tx, moment, Notice { about, ..kind }).await?;
        }
        Ok(())
    }

    /// Ends the key before the present one now, after a fresh sign-in. Nothing that the seller signs with it is good any more.
    pub async fn retire_access_key(&self, actor: &Actor, id: InterfaceAddressId) -> Result<Outcome<()>, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        actor.require_fresh(self.now(), FRESH_WINDOW)?;
        self.store
            .write::<_, _, AppError, _>((actor.organisation, id, self.moment(actor)), |tx, (seller, id, moment)| {
                Box::pin(async move {
                    addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                    retire(tx, &moment, id, Timestamp::MAX).await
                })
            })
            .await
    }
}

/// What is kept of the keys of an address.
struct Kept {
    address: InterfaceAddress,
    bound: Vec<BoundKey>,
}

/// The keys of an own address, which nobody else changes until this transaction ends.
async fn kept(tx: &mut Tx, seller: OrganisationId, id: InterfaceAddressId) -> Result<Kept, AppError> {
    let address = addresses::lock(tx, id).await?.filter(|address| address.seller == seller);
    let address = address.ok_or(AppError::NotFound("interface_address"))?;
    Ok(Kept { address, bound: keys::of(tx, id).await? })
}

async fn plan(tx: &mut Tx, moment: &Moment, id: InterfaceAddressId, until: Timestamp) -> Result<(), AppError> {
    let job = NewJob { due_at: until, ..NewJob::now(KIND, id, "keys", moment) };
    Ok(enqueue(tx, moment, job).await?)
}

/// Removes the key before the present one when its time ends at or before `by`.
async fn retire(tx: &mut Tx, moment: &Moment, id: InterfaceAddressId, by: Timestamp) -> Result<Outcome<()>, AppError> {
    let Some(mut address) = addresses::lock(tx, id).await? else { return Ok(Outcome::AlreadyApplied) };
    if address.retiring.as_ref().is_none_or(|key| key.until > by) {
        return Ok(Outcome::AlreadyApplied);
    }
    address.retiring = None;
    addresses::save_keys(tx, &address).await?;
    moment.record(tx, "access_key_retired", Some(address.seller), id, json!({})).await?;
    notify(tx, moment, told("access_key_retired", &address, moment)).await?;
    Ok(Outcome::Applied(()))
}

fn told(kind: &'static str, address: &InterfaceAddress, moment: &Moment) -> Notice {
    Notice {
        to: Audience::Organisation(address.seller),
        kind,
        about: format!("{}/{}", address.id, moment.now.as_millisecond()),
        arguments: vec![("url", (&address.url).into())],
        link: format!("/seller/addresses/{}", address.id),
    }
}

/// The job that ends a key when its time is over.
pub(super) struct RetireKey;

#[async_trait]
impl Handler for RetireKey {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id = job.key().parse().map_err(|_| AppError::Internal("a key to retire without its address".to_owned()))?;
        app.store
            .write::<_, _, AppError, _>((job.clone(), id, app.moment(Doer::System)), |tx, (job, id, moment)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    retire(tx, &moment, id, moment.now).await?;
                    // A later one took its place meanwhile: its time comes as well.
                    match addresses::find(tx, id).await?.and_then(|address| address.retiring) {
                        Some(later) => job.again_at(tx, later.until).await,
                        None => job.finish(tx).await,
                    }
                })
            })
            .await?;
        Ok(Verdict::Recorded)
    }
}
