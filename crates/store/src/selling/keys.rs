//! The table `bound_keys`: keys of other types of interface than the basic one.

use db::values;
use domain::ids::InterfaceAddressId;
use domain::selling::{BoundKey, KeyHint};
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// Binds a key; the one of the same type gives way.
pub async fn bind(tx: &mut Tx, address: InterfaceAddressId, key: &BoundKey) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO bound_keys (address_id, interface_type, sealed_key, key_hint, key_set_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (address_id, interface_type) DO UPDATE SET
           sealed_key = excluded.sealed_key, key_hint = excluded.key_hint, key_set_at = excluded.key_set_at",
        values![
            address.to_string(),
            key.interface_type.code(),
            &key.sealed_key,
            key.key_hint.as_str(),
            to_millisecond(key.key_set_at),
        ],
    )
    .await?;
    Ok(())
}

/// The keys bound to an address, by type.
pub async fn of(tx: &mut Tx, address: InterfaceAddressId) -> Result<Vec<BoundKey>, StoreError> {
    let rows = tx
        .query("SELECT * FROM bound_keys WHERE address_id = $1 ORDER BY interface_type", values![address.to_string()])
        .await?;
    let decode = |row: &db::Row| {
        let row = Suspect::named("bound_keys", row, address.to_string());
        let hint = KeyHint::from_stored(&row.text("key_hint")?);
        Ok(BoundKey {
            interface_type: row.parsed("interface_type")?,
            sealed_key: row.text("sealed_key")?,
            key_hint: hint.ok_or_else(|| row.corrupt("a hint of a key is longer than four characters"))?,
            key_set_at: row.instant("key_set_at")?,
        })
    };
    rows.iter().map(decode).collect()
}
