//! The table `interface_addresses`.

use db::values;
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::selling::{
    BodySignPolicy, InterfaceAddress, KeyHint, OrderNotices, ProtocolVersion, RetiringKey, WireForm,
};
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The unique rule by which a seller has an address once.
pub const ONE_PER_URL: &str = "interface_addresses_organisation_id_url_unique";

/// An address with the keys of other types of calls, which have rows of their own.
macro_rules! address {
    () => {
        "SELECT interface_addresses.*, (SELECT k.sealed_key FROM bound_keys k
           WHERE k.address_id = interface_addresses.id AND k.interface_type = 'order_notice') AS notice_key,
           (SELECT k.sealed_key FROM bound_keys k
           WHERE k.address_id = interface_addresses.id AND k.interface_type = 'licence_code') AS licence_key,
           (SELECT k.sealed_key FROM bound_keys k
           WHERE k.address_id = interface_addresses.id AND k.interface_type = 'joint_operations') AS joint_key
         FROM interface_addresses "
    };
}

/// Writes a new address.
pub async fn insert(tx: &mut Tx, address: &InterfaceAddress) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO interface_addresses (id, organisation_id, url, sealed_key, key_hint, protocol, body_sign, created_at,
                                          key_set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            address.id.to_string(),
            address.seller.to_string(),
            &address.url,
            &address.sealed_key,
            address.key_hint.as_str(),
            address.protocol.code(),
            address.body_sign.code(),
            to_millisecond(address.created_at),
            to_millisecond(address.key_set_at),
        ],
    )
    .await?;
    Ok(())
}

/// The address with this id, whoever owns it.
pub async fn find(tx: &mut Tx, id: InterfaceAddressId) -> Result<Option<InterfaceAddress>, StoreError> {
    let row = tx.query_optional(concat!(address!(), "WHERE id = $1"), values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The address with this id, when `seller` owns it.
pub async fn find_of(
    tx: &mut Tx,
    seller: OrganisationId,
    id: InterfaceAddressId,
) -> Result<Option<InterfaceAddress>, StoreError> {
    let row = tx
        .query_optional(
            concat!(address!(), "WHERE id = $1 AND organisation_id = $2"),
            values![id.to_string(), seller.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// A seller's addresses, the oldest first.
pub async fn of(tx: &mut Tx, seller: OrganisationId) -> Result<Vec<InterfaceAddress>, StoreError> {
    let rows = tx
        .query(concat!(address!(), "WHERE organisation_id = $1 ORDER BY created_at, id"), values![seller.to_string()])
        .await?;
    rows.iter().map(decode).collect()
}

/// The address, and nobody else changes it until the transaction ends.
pub async fn lock(tx: &mut Tx, id: InterfaceAddressId) -> Result<Option<InterfaceAddress>, StoreError> {
    let row =
        tx.query_optional(concat!(address!(), "WHERE id = $1", db::for_update!()), values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// Writes the present key and the one before. Read it with [`lock`] before.
pub async fn save_keys(tx: &mut Tx, address: &InterfaceAddress) -> Result<(), StoreError> {
    let retiring = address.retiring.as_ref();
    tx.execute(
        "UPDATE interface_addresses SET sealed_key = $2, key_hint = $3, key_set_at = $4, retiring_key = $5,
           retiring_hint = $6, retiring_until = $7 WHERE id = $1",
        values![
            address.id.to_string(),
            &address.sealed_key,
            address.key_hint.as_str(),
            to_millisecond(address.key_set_at),
            retiring.map(|key| key.sealed_key.clone()),
            retiring.map(|key| key.key_hint.as_str().to_owned()),
            retiring.map(|key| to_millisecond(key.until)),
        ],
    )
    .await?;
    Ok(())
}

/// Changes how strictly answers must be signed.
pub async fn set_body_sign(tx: &mut Tx, id: InterfaceAddressId, policy: BodySignPolicy) -> Result<(), StoreError> {
    tx.execute("UPDATE interface_addresses SET body_sign = $2 WHERE id = $1", values![id.to_string(), policy.code()])
        .await?;
    Ok(())
}

/// Changes which protocol an address speaks, and with it how strictly its answers must be signed. Read it with [`lock`] before.
pub async fn set_protocol(
    tx: &mut Tx,
    id: InterfaceAddressId,
    protocol: ProtocolVersion,
    policy: BodySignPolicy,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE interface_addresses SET protocol = $2, body_sign = $3 WHERE id = $1",
        values![id.to_string(), protocol.code(), policy.code()],
    )
    .await?;
    Ok(())
}

/// Changes whether the seller's system is told of each paid order.
pub async fn set_order_notices(tx: &mut Tx, id: InterfaceAddressId, notices: OrderNotices) -> Result<(), StoreError> {
    let values = values![id.to_string(), notices.code()];
    tx.execute("UPDATE interface_addresses SET order_notices = $2 WHERE id = $1", values).await?;
    Ok(())
}

/// Changes how a member travels that has two forms. Read the address with [`lock`] before: the choice belongs to a version.
pub async fn set_wire_form(tx: &mut Tx, id: InterfaceAddressId, form: WireForm) -> Result<(), StoreError> {
    let (sql, code) = match form {
        WireForm::EncryptType(chosen) => {
            ("UPDATE interface_addresses SET encrypt_type = $2 WHERE id = $1", chosen.code())
        }
        WireForm::ProductInfo(chosen) => {
            ("UPDATE interface_addresses SET product_info = $2 WHERE id = $1", chosen.code())
        }
    };
    tx.execute(sql, values![id.to_string(), code]).await?;
    Ok(())
}

fn decode(row: &db::Row) -> Result<InterfaceAddress, StoreError> {
    let row = Suspect::new("interface_addresses", row)?;
    let hint = |text: String| {
        KeyHint::from_stored(&text).ok_or_else(|| row.corrupt("a hint of a key is longer than four characters"))
    };
    let facts = (
        row.optional_text("retiring_key")?,
        row.optional_text("retiring_hint")?,
        row.optional_instant("retiring_until")?,
    );
    let retiring = match facts {
        (None, None, None) => None,
        (Some(sealed_key), Some(text), Some(until)) => Some(RetiringKey { sealed_key, key_hint: hint(text)?, until }),
        _ => return Err(row.corrupt("a retiring key without its facts")),
    };
    Ok(InterfaceAddress {
        id: row.id("id")?,
        seller: row.id("organisation_id")?,
        url: row.text("url")?,
        sealed_key: row.text("sealed_key")?,
        key_hint: hint(row.text("key_hint")?)?,
        protocol: row.parsed("protocol")?,
        body_sign: row.parsed("body_sign")?,
        created_at: row.instant("created_at")?,
        key_set_at: row.instant("key_set_at")?,
        retiring,
        notice_key: row.optional_text("notice_key")?,
        licence_key: row.optional_text("licence_key")?,
        joint_key: row.optional_text("joint_key")?,
        order_notices: row.parsed("order_notices")?,
        encrypt_type: row.parsed("encrypt_type")?,
        product_info: row.parsed("product_info")?,
    })
}
