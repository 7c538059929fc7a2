//! PostgreSQL connections that break: while idle, in the middle of a transaction, and at COMMIT, seen through a proxy that cuts.

use crate::{
    statements::{INSERT_THING, TABLES, execute, thing_ids},
    stores::{Fresh, fresh_postgres},
};
use db::{Db, DbError, EngineSettings, values};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
};

/// When the proxy cuts the connection that says COMMIT.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    BeforeTheServerHearsIt,
    AfterTheServerAnswered,
}

/// Passes bytes on until a client says COMMIT while the proxy is armed.
async fn proxy(server: String, armed: Arc<AtomicBool>, cut: Cut) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(pass_on(client, server, armed.clone(), cut));
        }
    });
    port
}

async fn pass_on(client: TcpStream, server: TcpStream, armed: Arc<AtomicBool>, cut: Cut) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let mut buffer = vec![0; 65536];
    let mut answer = vec![0; 65536];
    loop {
        tokio::select! {
            Some(length) = read(&mut from_client, &mut buffer) => {
                let commits = buffer[..length].windows(7).any(|bytes| bytes == b"COMMIT\0");
                if commits && armed.swap(false, Ordering::SeqCst) {
                    if cut == Cut::AfterTheServerAnswered {
                        to_server.write_all(&buffer[..length]).await.unwrap();
                        read(&mut from_server, &mut answer).await.unwrap();
                    }
                    return; // both ends are closed
                }
                to_server.write_all(&buffer[..length]).await.unwrap();
            }
            Some(length) = read(&mut from_server, &mut answer) => to_client.write_all(&answer[..length]).await.unwrap(),
            else => return,
        }
    }
}

async fn read(from: &mut OwnedReadHalf, buffer: &mut [u8]) -> Option<usize> {
    from.read(buffer).await.ok().filter(|length| *length > 0)
}

/// The same schema, reached through the proxy.
async fn through_a_proxy(store: &Fresh, armed: Arc<AtomicBool>, cut: Cut) -> Db {
    let mut settings = store.settings.clone();
    let EngineSettings::Postgres(server) = &mut settings.engine else { panic!("a PostgreSQL store") };
    let address: tokio_postgres::Config = server.url.parse().unwrap();
    let port = proxy(format!("127.0.0.1:{}", address.get_ports()[0]), armed, cut).await;
    let (user, database) = (address.get_user().unwrap(), address.get_dbname().unwrap());
    server.url = format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable");
    Db::open(&settings).await.unwrap()
}

async fn cut_at_commit(cut: Cut) -> (Fresh, Result<u64, DbError>) {
    let store = fresh_postgres().await;
    store.migrate(TABLES).await.unwrap();
    let armed = Arc::new(AtomicBool::new(false));
    let db = through_a_proxy(&store, armed.clone(), cut).await;
    execute(&db, INSERT_THING, values!["a"]).await.unwrap();
    armed.store(true, Ordering::SeqCst);
    let outcome = execute(&db, INSERT_THING, values!["b"]).await;
    execute(&db, INSERT_THING, values!["c"]).await.unwrap(); // the pool goes on with another connection
    (store, outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_unknown_and_may_be_stored() {
    let (store, outcome) = cut_at_commit(Cut::AfterTheServerAnswered).await;
    assert!(matches!(outcome, Err(DbError::CommitUnknown { .. })), "{outcome:?}");
    assert_eq!(thing_ids(&store).await, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_never_arrives_is_unknown_too_and_not_stored() {
    let (store, outcome) = cut_at_commit(Cut::BeforeTheServerHearsIt).await;
    assert!(matches!(outcome, Err(DbError::CommitUnknown { .. })), "{outcome:?}");
    assert_eq!(thing_ids(&store).await, ["a", "c"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_in_the_middle_stores_nothing_and_says_so() {
    let store = fresh_postgres().await;
    store.migrate(TABLES).await.unwrap();
    let outcome: Result<u64, DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["a"]).await?;
                tx.query("SELECT pg_terminate_backend(pg_backend_pid())", values![]).await?;
                tx.execute(INSERT_THING, values!["b"]).await
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Unavailable { .. })), "{outcome:?}");
    execute(&store, INSERT_THING, values!["c"]).await.unwrap();
    assert_eq!(thing_ids(&store).await, ["c"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_was_given_up_half_way_commits_nothing() {
    let store = fresh_postgres().await;
    store.migrate(TABLES).await.unwrap();
    let outcome: Result<(), DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["a"]).await?;
                let mut second = Box::pin(tx.execute("INSERT INTO things (id, code) VALUES ('b', 'a')", values![]));
                assert!(futures_util::poll!(&mut second).is_pending());
                drop(second); // as a time limit around it would
                Ok(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Misuse { .. })), "{outcome:?}");
    assert!(thing_ids(&store).await.is_empty());
}
