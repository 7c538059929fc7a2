//! The whole service over HTTP, without a socket: who may do what (`matrix`), and what browsers see of accounts and
//! selling.

mod accounts;
mod actors;
mod bodies;
mod canary;
mod catalog;
mod corpus;
mod cross_site;
mod door;
mod headers;
mod hostile_products;
mod interfaces;
mod licences;
mod matrix;
mod objects;
mod open_apis;
mod operations;
mod ordering;
mod reports;
mod selling;
mod tags;
mod usage_push;
