//! The table `licences`. The code lies sealed beside the licence and is read by a function of its own.

use db::{Row, Value, values};
use domain::ids::{LicenceId, OrderId, OrganisationId};
use domain::licensing::{Licence, LicenceState, LicenceStateCode};
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// Writes a new licence with its code. `false` when the order has one already.
pub async fn insert(tx: &mut Tx, licence: &Licence, code_sealed: &str, code_index: &str) -> Result<bool, StoreError> {
    let facts = StateColumns::of(&licence.state);
    let written = tx
        .execute(
            "INSERT INTO licences (id, order_id, seller, buyer, code_sealed, code_index, issued_at, state, received_at,
               activated_at, heard_at, device, withdrawn_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (order_id) DO NOTHING",
            values![
                licence.id.to_string(),
                licence.order.to_string(),
                licence.seller.to_string(),
                licence.buyer.to_string(),
                code_sealed,
                code_index,
                to_millisecond(licence.issued_at),
                facts.state,
                facts.received_at,
                facts.activated_at,
                facts.heard_at,
                facts.device,
                facts.withdrawn_at,
            ],
        )
        .await?;
    Ok(written == 1)
}

/// The licence of an order, and nobody else changes it until this transaction ends.
pub async fn lock_of_order(tx: &mut Tx, order: OrderId) -> Result<Option<Licence>, StoreError> {
    locked(tx, concat!("SELECT * FROM licences WHERE order_id = $1", db::for_update!()), values![order.to_string()])
        .await
}

/// The seller's licence with the code of this index, and nobody else changes it until this transaction ends.
pub async fn lock_by_code(
    tx: &mut Tx,
    seller: OrganisationId,
    code_index: &str,
) -> Result<Option<Licence>, StoreError> {
    let sql = concat!("SELECT * FROM licences WHERE code_index = $1 AND seller = $2", db::for_update!());
    locked(tx, sql, values![code_index, seller.to_string()]).await
}

async fn locked(tx: &mut Tx, sql: &'static str, values: Vec<Value>) -> Result<Option<Licence>, StoreError> {
    tx.query_optional(sql, values).await?.as_ref().map(decode).transpose()
}

/// The sealed code.
pub async fn sealed_code(tx: &mut Tx, id: LicenceId) -> Result<Option<String>, StoreError> {
    let row = tx.query_optional("SELECT code_sealed FROM licences WHERE id = $1", values![id.to_string()]).await?;
    row.map(|row| Ok(row.get::<String>("code_sealed")?)).transpose()
}

/// Writes how far the licence has come. Read it with a lock before.
pub async fn save_state(tx: &mut Tx, licence: &Licence) -> Result<(), StoreError> {
    let facts = StateColumns::of(&licence.state);
    tx.execute(
        "UPDATE licences SET state = $2, received_at = $3, activated_at = $4, heard_at = $5, device = $6,
           withdrawn_at = $7 WHERE id = $1",
        values![
            licence.id.to_string(),
            facts.state,
            facts.received_at,
            facts.activated_at,
            facts.heard_at,
            facts.device,
            facts.withdrawn_at,
        ],
    )
    .await?;
    Ok(())
}

struct StateColumns {
    state: &'static str,
    received_at: Option<i64>,
    activated_at: Option<i64>,
    heard_at: Option<i64>,
    device: Option<String>,
    withdrawn_at: Option<i64>,
}

impl StateColumns {
    fn of(state: &LicenceState) -> StateColumns {
        let bare = StateColumns {
            state: state.code().code(),
            received_at: None,
            activated_at: None,
            heard_at: None,
            device: None,
            withdrawn_at: None,
        };
        match state {
            LicenceState::Issued => bare,
            LicenceState::Received { at } => StateColumns { received_at: Some(to_millisecond(*at)), ..bare },
            LicenceState::Active { received_at, activated_at, heard_at, device } => StateColumns {
                received_at: Some(to_millisecond(*received_at)),
                activated_at: Some(to_millisecond(*activated_at)),
                heard_at: Some(to_millisecond(*heard_at)),
                device: device.clone(),
                ..bare
            },
            LicenceState::Withdrawn { at } => StateColumns { withdrawn_at: Some(to_millisecond(*at)), ..bare },
        }
    }
}

fn decode(row: &Row) -> Result<Licence, StoreError> {
    let row = Suspect::new("licences", row)?;
    let facts = (
        row.parsed::<LicenceStateCode>("state")?,
        row.optional_instant("received_at")?,
        row.optional_instant("activated_at")?,
        row.optional_instant("heard_at")?,
        row.optional_text("device")?,
        row.optional_instant("withdrawn_at")?,
    );
    let state = match facts {
        (LicenceStateCode::Issued, None, None, None, None, None) => LicenceState::Issued,
        (LicenceStateCode::Received, Some(at), None, None, None, None) => LicenceState::Received { at },
        (LicenceStateCode::Active, Some(received_at), Some(activated_at), Some(heard_at), device, None) => {
            LicenceState::Active { received_at, activated_at, heard_at, device }
        }
        (LicenceStateCode::Withdrawn, None, None, None, None, Some(at)) => LicenceState::Withdrawn { at },
        (state, ..) => return Err(row.corrupt(format_args!("the facts do not fit the state {}", state.code()))),
    };
    Ok(Licence {
        id: row.id("id")?,
        order: row.id("order_id")?,
        seller: row.id("seller")?,
        buyer: row.id("buyer")?,
        issued_at: row.instant("issued_at")?,
        state,
    })
}
