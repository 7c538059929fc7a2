//! TLS to PostgreSQL, through a doorkeeper that speaks TLS as the server would and passes what it hears on to the real one.

use crate::{
    statements::{INSERT_THING, TABLES, execute, thing_ids},
    stores::{Fresh, fresh_postgres},
};
use db::{Db, DbError, EngineSettings, values};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What the doorkeeper answers when it is asked for TLS.
#[derive(Clone)]
enum Door {
    /// The handshake with this certificate.
    Tls(TlsAcceptor),
    /// That it has none.
    Plain,
}

/// A doorkeeper before the server at `behind`: its port, and how many came through.
async fn doorkeeper(behind: u16, door: Door) -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let passed = Arc::new(AtomicU32::new(0));
    let counted = passed.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(client, behind, door.clone(), counted.clone()));
        }
    });
    (port, passed)
}

async fn pass(mut client: TcpStream, behind: u16, door: Door, passed: Arc<AtomicU32>) {
    let mut wish = [0; 8];
    if client.read_exact(&mut wish).await.is_err() {
        return;
    }
    // The wish for TLS: a length of eight and the number 80877103. Whoever begins otherwise speaks plain text.
    assert_eq!(wish, [0, 0, 0, 8, 4, 210, 22, 47], "nothing is said before TLS");
    let Door::Tls(acceptor) = door else {
        client.write_all(b"N").await.unwrap();
        let mut more = Vec::new();
        client.read_to_end(&mut more).await.unwrap();
        assert!(more.is_empty(), "nothing is said to a server without TLS");
        return;
    };
    client.write_all(b"S").await.unwrap();
    let Ok(mut client) = acceptor.accept(client).await else { return };
    passed.fetch_add(1, Ordering::SeqCst);
    let mut server = TcpStream::connect(("127.0.0.1", behind)).await.unwrap();
    // Whoever closes first ends both.
    let _closed = copy_bidirectional(&mut client, &mut server).await;
}

/// An authority, and the file that names it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(store: &Fresh, name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let EngineSettings::Postgres(server) = &store.settings.engine else { panic!("a PostgreSQL store") };
        let schema = server.schema.clone().unwrap();
        let file = std::env::temp_dir().join(format!("{schema}_{name}.pem"));
        std::fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Authority { issuer: Issuer::new(params, key), file }
    }

    fn certifies(&self, name: &str) -> Door {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let chain = vec![CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Door::Tls(TlsAcceptor::from(Arc::new(config)))
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _removed = std::fs::remove_file(&self.file);
    }
}

/// Opens the store through a doorkeeper, as a server whose authority is in this file.
async fn opened(store: &Fresh, door: Door, ca_file: Option<PathBuf>) -> (Result<Db, DbError>, u32) {
    let mut settings = store.settings.clone();
    let EngineSettings::Postgres(server) = &mut settings.engine else { panic!("a PostgreSQL store") };
    let address: tokio_postgres::Config = server.url.parse().unwrap();
    let (port, passed) = doorkeeper(address.get_ports()[0], door).await;
    let (user, database) = (address.get_user().unwrap(), address.get_dbname().unwrap());
    server.url = format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=require");
    server.ca_file = ca_file;
    let db = Db::open(&settings).await;
    let passed = passed.load(Ordering::SeqCst);
    (db, passed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_over_tls_is_stored() {
    let store = fresh_postgres().await;
    store.migrate(TABLES).await.unwrap();
    let authority = Authority::new(&store, "good");
    let (db, passed) = opened(&store, authority.certifies("127.0.0.1"), Some(authority.file.clone())).await;
    let db = db.unwrap();
    assert_eq!(passed, 1);
    execute(&db, INSERT_THING, values!["a"]).await.unwrap();
    assert_eq!(thing_ids(&store).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_for_another_name_or_of_another_authority_is_refused() {
    let store = fresh_postgres().await;
    let (ours, theirs) = (Authority::new(&store, "ours"), Authority::new(&store, "theirs"));
    let other_name = ours.certifies("database.example");
    let other_authority = theirs.certifies("127.0.0.1");
    let unknown_to_the_machine = ours.certifies("127.0.0.1");
    for (door, ca_file, reason) in [
        (other_name, Some(ours.file.clone()), "not valid for name"),
        (other_authority, Some(ours.file.clone()), "certificate"),
        (unknown_to_the_machine, None, "certificate"),
    ] {
        let (db, _) = opened(&store, door, ca_file).await;
        let refused = db.err().unwrap().to_string();
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_not_spoken_to_in_plain_text() {
    let store = fresh_postgres().await;
    let authority = Authority::new(&store, "plain");
    let (db, passed) = opened(&store, Door::Plain, Some(authority.file.clone())).await;
    let refused = db.err().unwrap().to_string();
    assert!(refused.contains("TLS"), "{refused}");
    assert_eq!(passed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_authorities_without_one_is_named() {
    let store = fresh_postgres().await;
    let authority = Authority::new(&store, "empty");
    for (text, reason) in
        [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is not one")]
    {
        std::fs::write(&authority.file, text).unwrap();
        let (db, _) = opened(&store, Door::Plain, Some(authority.file.clone())).await;
        let refused = db.err().unwrap().to_string();
        assert!(refused.contains("postgres_ca_file") && refused.contains(reason), "{refused}");
    }
    std::fs::remove_file(&authority.file).unwrap();
    let (db, _) = opened(&store, Door::Plain, Some(authority.file.clone())).await;
    assert!(db.err().unwrap().to_string().contains("cannot be read"));
}
