//! What may be done, and which role of which organisation may do it. Deny by default: what is not granted here is
//! refused everywhere.

use std::str::FromStr;

use super::OrganisationKind;

/// A user's part in the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, people and keys included. The first user of an organisation is one.
    Administrator,
    /// The daily work: buying and using, releasing and debugging, or reviewing.
    Member,
    /// Money: balance, orders, and nothing that changes products or people.
    Finance,
    /// Looks, and changes nothing.
    Viewer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [Role::Administrator, Role::Member, Role::Finance, Role::Viewer];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Member => "member",
            Role::Finance => "finance",
            Role::Viewer => "viewer",
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Role::ALL.into_iter().find(|role| role.code() == code).ok_or(())
    }
}

/// One thing that a route or use case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// One's own account: password, sessions, language, notices.
    OwnAccount,
    /// Users of the own organisation: list, add, change role, disable.
    ManageUsers,
    /// Access keys of the own organisation.
    ManageApiKeys,
    /// See the own organisation's orders, apps and balance.
    SeePurchases,
    /// Order and pay.
    Buy,
    /// Reveal the access data of a bought app.
    UseApps,
    /// Apply to become a seller.
    ApplyAsSeller,
    /// See the seller console of the own organisation.
    SeeSelling,
    /// Interface addresses, keys, debugging, cases.
    ManageInterfaces,
    /// Draft, change and submit products.
    ManageProducts,
    /// Restart a parked call to the own production system.
    RestartCalls,
    /// See the operator console.
    SeeOperations,
    /// Approve or reject seller applications.
    ReviewSellers,
    /// Approve or reject products.
    ReviewProducts,
    /// Top up a customer's balance and read the ledger.
    ManageMoney,
    /// Restart or give up parked calls and jobs of anybody.
    ManageOperations,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Permission; 16] = [
        Permission::OwnAccount,
        Permission::ManageUsers,
        Permission::ManageApiKeys,
        Permission::SeePurchases,
        Permission::Buy,
        Permission::UseApps,
        Permission::ApplyAsSeller,
        Permission::SeeSelling,
        Permission::ManageInterfaces,
        Permission::ManageProducts,
        Permission::RestartCalls,
        Permission::SeeOperations,
        Permission::ReviewSellers,
        Permission::ReviewProducts,
        Permission::ManageMoney,
        Permission::ManageOperations,
    ];
}

impl Permission {
    /// Whether only a signed-in person may use it: a stolen access key must not make people or further keys.
    pub fn needs_person(self) -> bool {
        matches!(self, Permission::ManageUsers | Permission::ManageApiKeys)
    }
}

/// Whether a user with `role` in an organisation of `kind` may do what `permission` names.
pub fn grants(kind: OrganisationKind, role: Role, permission: Permission) -> bool {
    use OrganisationKind as Kind;
    let buys = matches!(kind, Kind::Customer | Kind::Seller);
    match permission {
        Permission::OwnAccount => true,
        Permission::ManageUsers | Permission::ManageApiKeys => role == Role::Administrator,
        Permission::SeePurchases => buys,
        Permission::Buy => buys && matches!(role, Role::Administrator | Role::Member | Role::Finance),
        Permission::UseApps => buys && matches!(role, Role::Administrator | Role::Member),
        Permission::ApplyAsSeller => kind == Kind::Customer && role == Role::Administrator,
        Permission::SeeSelling => kind == Kind::Seller,
        Permission::ManageInterfaces | Permission::ManageProducts | Permission::RestartCalls => {
            kind == Kind::Seller && matches!(role, Role::Administrator | Role::Member)
        }
        Permission::SeeOperations => kind == Kind::Operator,
        Permission::ReviewSellers | Permission::ReviewProducts | Permission::ManageOperations => {
            kind == Kind::Operator && matches!(role, Role::Administrator | Role::Member)
        }
        Permission::ManageMoney => kind == Kind::Operator && matches!(role, Role::Administrator | Role::Finance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_changes_nothing() {
        let looks =
            [Permission::OwnAccount, Permission::SeePurchases, Permission::SeeSelling, Permission::SeeOperations];
        for kind in OrganisationKind::ALL {
            for permission in Permission::ALL {
                assert!(
                    !grants(kind, Role::Viewer, permission) || looks.contains(&permission),
                    "a viewer of a {kind:?} may {permission:?}"
                );
            }
        }
    }

    #[test]
    fn operators_neither_buy_nor_sell_and_nobody_else_operates() {
        for role in Role::ALL {
            for permission in [Permission::Buy, Permission::UseApps, Permission::ManageProducts, Permission::SeeSelling]
            {
                assert!(!grants(OrganisationKind::Operator, role, permission));
            }
            for permission in [Permission::SeeOperations, Permission::ReviewSellers, Permission::ManageMoney] {
                assert!(!grants(OrganisationKind::Customer, role, permission));
                assert!(!grants(OrganisationKind::Seller, role, permission));
            }
        }
    }

    #[test]
    fn every_permission_is_held_by_some_administrator() {
        for permission in Permission::ALL {
            let held = OrganisationKind::ALL.into_iter().any(|kind| grants(kind, Role::Administrator, permission));
            assert!(held, "{permission:?}");
        }
    }
}
