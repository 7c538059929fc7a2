//! Which orders a run speaks of. A system of version 2.0 fetches the order while it is called (seller-protocol 1.5), so the calls name
//! orders that every marketplace's order query answers: the documented ones (7.4), or those that were given by hand.
//!
//! *What is not here.* Renewals and changes by hand: `--order` names what is bought, and only the documented orders are renewals.

use koogallery::InstanceId;
use koogallery::v2::ActivityName;

use super::caller::Caller;
use super::{Billing, Setup};

/// The documented order of a renewal, and of a change of specification or quantity. Spelled so.
const RENEWAL: &str = "MOCKMONTYRENEW";
const CHANGE: &str = "MOCKMONTYCHANGE";

/// The orders of one run, and the instance that came of the first.
pub(super) struct Orders {
    /// What is bought.
    pub(super) order: String,
    /// Another purchase; none when only one order was given by hand.
    pub(super) other: Option<String>,
    /// What the first one was answered with.
    pub(super) instance: Option<InstanceId>,
}

impl Orders {
    /// Of a run in version 2.0.
    pub(super) fn documented(setup: &Setup) -> Orders {
        let (order, other) = match setup.billing {
            Billing::Period => ("MOCKPERIODYEARNEW", "MOCKPERIODDAYTRIAL"),
            // There is one purchase of this kind; a second order must be of another.
            Billing::OneTime => ("MOCKONETIMENEW", "MOCKPERIODYEARNEW"),
            Billing::PayPerUse => ("MOCKONDEMAND", "MOCKONDEMANDPKG"),
        };
        Orders::given(setup).unwrap_or(Orders {
            order: order.to_owned(),
            other: Some(other.to_owned()),
            instance: None,
        })
    }

    /// Of a run in version 1.0, whose calls carry what was bought: nobody asks for the order, so it is new each time.
    pub(super) fn invented(caller: &Caller<'_>) -> Orders {
        let invented = || format!("SOUK{}", caller.word(16));
        let new = || Orders { order: invented(), other: Some(invented()), instance: None };
        Orders::given(caller.setup).unwrap_or_else(new)
    }

    fn given(setup: &Setup) -> Option<Orders> {
        let (order, others) = setup.orders.split_first()?;
        Some(Orders { order: order.clone(), other: others.first().cloned(), instance: None })
    }

    /// The order behind a call of version 2.0; the same for each of its calls, so that a system that obeys one too many makes nothing more.
    pub(super) fn behind(&self, name: ActivityName) -> &str {
        match name {
            ActivityName::RefreshInstance | ActivityName::RefreshLicenseCode => RENEWAL,
            ActivityName::UpgradeInstance => CHANGE,
            ActivityName::NewInstance
            | ActivityName::QueryInstance
            | ActivityName::UpdateInstanceStatus
            | ActivityName::ReleaseInstance
            | ActivityName::ChangeInstanceCheck
            | ActivityName::OrderNotify
            | ActivityName::GetLicenseAsync
            | ActivityName::UpdateLicenseCodeStatus
            | ActivityName::ReleaseLicenseCode => &self.order,
        }
    }
}
