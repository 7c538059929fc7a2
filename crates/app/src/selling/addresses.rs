//! A seller's production addresses and the access keys bound to them (functions.md 6, seller-protocol 2.1).

use domain::identity::{Actor, Permission};
use domain::ids::InterfaceAddressId;
use domain::outcome::{FieldProblem, Problems};
use domain::selling::{
    Activity, BillingMode, BodySignPolicy, DebugCase, EncryptType, InterfaceAddress, InterfaceType, InterfaceUrl,
    KeyHint, OrderNotices, ProductInfoForm, ProtocolVersion, UrlRefusal, missing_cases,
};
use koogallery::AccessKey;
use serde_json::json;
use store::catalog::products;
use store::selling::{addresses, cases};

use crate::{App, AppError};

/// An address with what is known of its cases.
#[derive(Clone, Debug)]
pub struct AddressView {
    /// The address. Its key stays sealed.
    pub address: InterfaceAddress,
    /// Its saved cases, in the order they were saved.
    pub cases: Vec<DebugCase>,
}

impl AddressView {
    /// The required activities of which no case is saved.
    pub fn missing(&self, billing: BillingMode) -> Vec<Activity> {
        let saved: Vec<Activity> = self.cases.iter().map(|case| case.activity).collect();
        missing_cases(self.address.protocol, billing, &saved)
    }

    /// The billing modes for whose products every required case is saved.
    pub fn ready_for(&self) -> Vec<BillingMode> {
        BillingMode::ALL.into_iter().filter(|billing| self.missing(*billing).is_empty()).collect()
    }
}

/// The own organisation's addresses, the oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<AddressView>, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>(actor.organisation, |tx, seller| {
            Box::pin(async move {
                let saved = cases::of(tx, seller).await?;
                let cases_of = |id| saved.iter().filter(|case| case.address == id).cloned().collect();
                let found = addresses::of(tx, seller).await?;
                Ok(found.into_iter().map(|address| AddressView { cases: cases_of(address.id), address }).collect())
            })
        })
        .await
}

/// One address of the own organisation.
pub async fn find(app: &App, actor: &Actor, id: InterfaceAddressId) -> Result<AddressView, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let address =
                    addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                let cases = cases::for_address(tx, id).await?;
                Ok(AddressView { address, cases })
            })
        })
        .await
}

/// A new address.
#[derive(Clone, Debug, Default)]
pub struct AddAddress {
    /// Where calls go: domain and path, as typed.
    pub url: String,
    /// The seller's own key; empty text lets us make one.
    pub access_key: String,
    /// A code of [`ProtocolVersion`]; empty text is the version for new products.
    pub protocol: String,
    /// A code of [`BodySignPolicy`]; empty text is the default of the protocol.
    pub body_sign: String,
}

impl App {
    /// Adds an address. The key is sealed before it is written.
    pub async fn add_interface_address(&self, actor: &Actor, ask: AddAddress) -> Result<InterfaceAddress, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let moment = self.moment(actor);
        let mut problems = Problems::new();
        let protocol = problems.take(protocol(&ask.protocol));
        let url = problems.take(self.production_url(&ask.url, protocol.unwrap_or_default()));
        let key = problems.take(self.given_or_new_key(&ask.access_key));
        let body_sign = problems.take(body_sign(&ask.body_sign, protocol.unwrap_or_default()));
        let (protocol, url, key, body_sign) = problems.or((|| Some((protocol?, url?, key?, body_sign?)))())?;
        let id: InterfaceAddressId = moment.id("interface address");
        let address = InterfaceAddress {
            id,
            seller: actor.organisation,
            url: url.as_str().to_owned(),
            sealed_key: super::seal_key(self, id, key.reveal()),
            key_hint: KeyHint::of_key(key.reveal()),
            protocol,
            body_sign,
            created_at: moment.now,
            key_set_at: moment.now,
            retiring: None,
            notice_key: None,
            licence_key: None,
            joint_key: None,
            order_notices: OrderNotices::Off,
            encrypt_type: EncryptType::default(),
            product_info: ProductInfoForm::default(),
        };
        self.store
            .write::<_, _, AppError, _>((address.clone(), moment), |tx, (address, moment)| {
                Box::pin(async move {
                    if let Err(error) = addresses::insert(tx, &address).await {
                        let twice = error.duplicate_of(addresses::ONE_PER_URL);
                        return Err(if twice {
                            AppError::field(FieldProblem::new("url", "url_taken"))
                        } else {
                            error.into()
                        });
                    }
                    let facts = json!({ "url": &address.url, "protocol": address.protocol.code() });
                    moment.record(tx, "interface_address_added", Some(address.seller), address.id, facts).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(address)
    }

    /// Shows the basic key of an address to its owner, after a fresh sign-in. Each sight is an event.
    pub async fn reveal_access_key(&self, actor: &Actor, id: InterfaceAddressId) -> Result<String, AppError> {
        self.reveal_bound_key(actor, id, InterfaceType::Basic).await
    }

    /// Changes how strictly answers of an address must be signed.
    pub async fn set_body_sign_policy(
        &self,
        actor: &Actor,
        id: InterfaceAddressId,
        policy: &str,
    ) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let policy: Option<BodySignPolicy> = match policy.trim() {
            "" => None,
            typed => Some(typed.parse().map_err(|()| AppError::field(FieldProblem::new("body_sign", "not_a_choice")))?),
        };
        let input = (actor.organisation, id, policy, self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, policy, moment)| {
                Box::pin(async move {
                    let found = addresses::find_of(tx, seller, id).await?;
                    let found = found.ok_or(AppError::NotFound("interface_address"))?;
                    let policy = policy.unwrap_or(found.protocol.default_body_sign());
                    addresses::set_body_sign(tx, id, policy).await?;
                    let facts = json!({ "policy": policy.code() });
                    moment.record(tx, "body_sign_policy_set", Some(seller), id, facts).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Changes which protocol an address speaks, and with it how strictly answers must be signed, to the default of that
    /// protocol. Refused with `protocol_has_products` or `protocol_has_cases` once something was made for the present one.
    pub async fn set_protocol(&self, actor: &Actor, id: InterfaceAddressId, typed: &str) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let wanted: ProtocolVersion =
            typed.trim().parse().map_err(|()| AppError::field(FieldProblem::new("protocol", "not_a_choice")))?;
        let url = find(self, actor, id).await?.address.url;
        self.production_url(&url, wanted).map_err(AppError::field)?;
        let input = (actor.organisation, id, wanted, self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, wanted, moment)| {
                Box::pin(async move {
                    let found = addresses::lock(tx, id).await?.filter(|found| found.seller == seller);
                    let found = found.ok_or(AppError::NotFound("interface_address"))?;
                    if found.protocol == wanted {
                        return Ok(());
                    }
                    let saved = cases::for_address(tx, id).await?.len();
                    let sold = products::count_of_address(tx, id).await?;
                    InterfaceAddress::require_free_protocol(saved, sold)
                        .map_err(|refusal| AppError::Refused(refusal.into()))?;
                    addresses::set_protocol(tx, id, wanted, wanted.default_body_sign()).await?;
                    let facts = json!({ "protocol": wanted.code() });
                    moment.record(tx, "interface_protocol_set", Some(seller), id, facts).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Says whether the seller's system is told of each paid order (seller-protocol 3.8). It needs a key of its own and a saved case, so
    /// that nobody is told who does not understand it.
    pub async fn set_order_notices(
        &self,
        actor: &Actor,
        id: InterfaceAddressId,
        notices: &str,
    ) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let wrong = |()| AppError::field(FieldProblem::new("order_notices", "not_a_choice"));
        let notices: OrderNotices = notices.trim().parse().map_err(wrong)?;
        let input = (actor.organisation, id, notices, self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, notices, moment)| {
                Box::pin(async move {
                    let found = addresses::find_of(tx, seller, id).await?;
                    let address = found.ok_or(AppError::NotFound("interface_address"))?;
                    if notices == OrderNotices::On {
                        if address.notice_key.is_none() {
                            return Err(AppError::rule("order_notices_need_key"));
                        }
                        let saved = cases::for_address(tx, id).await?;
                        if !saved.iter().any(|case| case.activity == Activity::OrderNotify) {
                            return Err(AppError::rule("order_notices_need_case"));
                        }
                    }
                    addresses::set_order_notices(tx, id, notices).await?;
                    let facts = json!({ "order_notices": notices.code() });
                    moment.record(tx, "order_notices_set", Some(seller), id, facts).await?;
                    Ok(())
                })
            })
            .await
    }

    fn production_url(&self, typed: &str, protocol: ProtocolVersion) -> Result<InterfaceUrl, FieldProblem> {
        if typed.trim().is_empty() {
            return Err(FieldProblem::new("url", "required"));
        }
        let rules = self.settings.selling.url_rules();
        let url = InterfaceUrl::parse(typed, &rules).map_err(|refusal| {
            let problem = FieldProblem::new("url", refusal.code());
            if refusal == UrlRefusal::Port { problem.with("ports", rules.ports_said()) } else { problem }
        })?;
        let production = koogallery::v2::ProductionAddress::parse(url.as_str())
            .map_err(|_| FieldProblem::new("url", "url_taken_parameter"))?;
        match protocol {
            ProtocolVersion::V1 => koogallery::v1::check_address(&production)
                .map_err(|_| FieldProblem::new("url", "url_taken_call_parameter"))?,
            ProtocolVersion::V2 => {}
        }
        Ok(url)
    }

    /// What was typed as a key, or one of ours where nothing was.
    pub(super) fn given_or_new_key(&self, typed: &str) -> Result<AccessKey, FieldProblem> {
        let typed = typed.trim();
        if typed.is_empty() {
            let made = hex::encode(self.random::<32>());
            return AccessKey::parse(&made).map_err(|_| FieldProblem::new("access_key", "access_key"));
        }
        let count = typed.chars().count();
        if !(16..=128).contains(&count) {
            return Err(FieldProblem::new("access_key", "access_key_length").with("count", count));
        }
        AccessKey::parse(typed).map_err(|_| FieldProblem::new("access_key", "access_key"))
    }
}

fn protocol(typed: &str) -> Result<ProtocolVersion, FieldProblem> {
    match typed.trim() {
        "" => Ok(ProtocolVersion::default()),
        typed => typed.parse().map_err(|()| FieldProblem::new("protocol", "not_a_choice")),
    }
}

fn body_sign(typed: &str, protocol: ProtocolVersion) -> Result<BodySignPolicy, FieldProblem> {
    match typed.trim() {
        "" => Ok(protocol.default_body_sign()),
        typed => typed.parse().map_err(|()| FieldProblem::new("body_sign", "not_a_choice")),
    }
}
