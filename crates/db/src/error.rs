//! What can go wrong in the storage engine, said alike for SQLite and PostgreSQL.
//!
//! *Constraint names* are comparable on both engines. PostgreSQL names the constraint or index that refused a row. SQLite only lists
//! columns, so the name of the unique index over exactly these columns is looked up; a primary key is called `<table>_pkey` and an
//! unnamed `UNIQUE (a, b)` is called `<table>_a_b_key`, as PostgreSQL would call it. A row that breaks several rules at once is refused
//! for one of them, and the engines may choose differently. Name what you match on: unique rules by
//! `CREATE UNIQUE INDEX <table>_<columns>_unique`, checks by `CONSTRAINT <name> CHECK (…)`.
//!
//! *What is not here:* sentences for people, and values. An error never holds what was written, because rows hold secrets.

/// Why the engine did not do what was asked. `Display` is for logs and operators, never for visitors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A row with these values exists already.
    #[error("a row with the same values exists already: unique rule {constraint}")]
    Unique {
        /// Name of the unique index or constraint, alike on both engines.
        constraint: String,
    },
    /// The row names another row that does not exist, or is still named by one. SQLite does not say which rule it was.
    #[error("the row names a row that does not exist, or is still named by another row")]
    ForeignKey,
    /// The row breaks a rule of its table.
    #[error("the row breaks the rule {constraint}")]
    Check {
        /// Name of the CHECK constraint.
        constraint: String,
    },
    /// A column that must have a value was given none.
    #[error("the column {column} must have a value")]
    NotNull {
        /// `table.column`.
        column: String,
    },
    /// Not now: overload, disk full, connection lost, lock or statement took too long, or the engine has stopped after a disk error.
    /// Nothing of the transaction was stored.
    #[error("the database is not available: {reason}")]
    Unavailable {
        /// For the operator.
        reason: String,
    },
    /// The connection or disk failed while the transaction was being committed: it is stored whole or not at all, and only a later
    /// look can tell which. Send the same work again under the same key.
    #[error("it is not known whether the transaction was stored: {reason}")]
    CommitUnknown {
        /// For the operator.
        reason: String,
    },
    /// The transaction met another one again and again and gave up. Nothing was stored; it may be sent again.
    #[error("the transaction met others {attempts} times and gave up")]
    Conflict {
        /// How many times it ran.
        attempts: u32,
    },
    /// Something tried to write inside `read`.
    #[error("a read transaction tried to write")]
    ReadOnly,
    /// What is stored is not what a program of ours writes: a broken file, or a value of the wrong kind in a column.
    #[error("stored data is broken: {detail}")]
    Corrupt {
        /// Where, and what was found there.
        detail: String,
    },
    /// The migrations in the database and in this program do not fit together.
    #[error("migrations: {detail}")]
    Migration {
        /// Which one, and what to do.
        detail: String,
    },
    /// The work of a transaction panicked; it was rolled back.
    #[error("the work of a transaction panicked: {detail}")]
    Panicked {
        /// The panic's message.
        detail: String,
    },
    /// The caller used the engine wrongly; a test should have found it.
    #[error("wrong use of the storage engine: {detail}")]
    Misuse {
        /// What was wrong and what to do instead.
        detail: String,
    },
    /// Anything else, such as a statement that the engine cannot read.
    #[error("the database refused: {detail}")]
    Other {
        /// The engine's own words, without values.
        detail: String,
    },
}

impl DbError {
    /// Name of the unique rule that refused the row, if this is what happened.
    pub fn unique_constraint(&self) -> Option<&str> {
        match self {
            DbError::Unique { constraint } => Some(constraint),
            DbError::ForeignKey
            | DbError::Check { .. }
            | DbError::NotNull { .. }
            | DbError::Unavailable { .. }
            | DbError::CommitUnknown { .. }
            | DbError::Conflict { .. }
            | DbError::ReadOnly
            | DbError::Corrupt { .. }
            | DbError::Migration { .. }
            | DbError::Panicked { .. }
            | DbError::Misuse { .. }
            | DbError::Other { .. } => None,
        }
    }

    pub(crate) fn unavailable(reason: impl Into<String>) -> Self {
        DbError::Unavailable { reason: reason.into() }
    }

    pub(crate) fn misuse(detail: impl Into<String>) -> Self {
        DbError::Misuse { detail: detail.into() }
    }

    pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> Self {
        let detail = payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        DbError::Panicked { detail }
    }
}
