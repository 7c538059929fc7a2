//! What a seller chooses about members that travel in two forms (seller-protocol 3.7, 4). It holds for every call from then on:
//! debugged, run again and for real orders.

use domain::identity::{Actor, Permission};
use domain::ids::InterfaceAddressId;
use domain::outcome::FieldProblem;
use domain::selling::{EncryptType, ProductInfoForm, WireForm};
use serde_json::json;
use store::selling::addresses;

use crate::{App, AppError};

fn not_a_choice(field: &'static str) -> impl Fn(()) -> AppError {
    move |()| AppError::field(FieldProblem::new(field, "not_a_choice"))
}

impl App {
    /// Says with which size of key the seller behind a version 1.0 address encrypts: a code of [`EncryptType`].
    pub async fn set_encrypt_type(&self, actor: &Actor, id: InterfaceAddressId, typed: &str) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let chosen: EncryptType = typed.trim().parse().map_err(not_a_choice("encrypt_type"))?;
        self.set_wire_form(actor, id, WireForm::EncryptType(chosen)).await
    }

    /// Says how `productInfo` travels to a version 2.0 address: a code of [`ProductInfoForm`].
    pub async fn set_product_info(&self, actor: &Actor, id: InterfaceAddressId, typed: &str) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let chosen: ProductInfoForm = typed.trim().parse().map_err(not_a_choice("product_info"))?;
        self.set_wire_form(actor, id, WireForm::ProductInfo(chosen)).await
    }

    /// Refused with `setting_of_other_protocol` where the address speaks the version that has no such member.
    async fn set_wire_form(&self, actor: &Actor, id: InterfaceAddressId, form: WireForm) -> Result<(), AppError> {
        let input = (actor.organisation, id, form, self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, form, moment)| {
                Box::pin(async move {
                    let found = addresses::lock(tx, id).await?.filter(|found| found.seller == seller);
                    let found = found.ok_or(AppError::NotFound("interface_address"))?;
                    form.require_spoken(found.protocol).map_err(|other| AppError::Refused(other.into()))?;
                    addresses::set_wire_form(tx, id, form).await?;
                    let facts = match form {
                        WireForm::EncryptType(chosen) => json!({ "encrypt_type": chosen.code() }),
                        WireForm::ProductInfo(chosen) => json!({ "product_info": chosen.code() }),
                    };
                    moment.record(tx, "interface_wire_form_set", Some(seller), id, facts).await?;
                    Ok(())
                })
            })
            .await
    }
}
