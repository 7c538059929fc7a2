//! The whole service over HTTP, without a socket: who may do what (`matrix`), and what browsers see of accounts and
//! selling.

mod accounts;
mod door;
mod matrix;
mod objects;
mod ordering;
mod selling;
