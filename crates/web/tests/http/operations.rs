//! The page and the resource of parked jobs.

use axum::http::{StatusCode, header};
use testkit::{Person, World, on_every_world};

use crate::door::{Proof, send, service};
use crate::objects;

on_every_world![an_operator_reads_what_a_job_failed_at_and_restarts_it, a_program_lists_and_restarts_jobs];

fn proof(person: &Person) -> Proof {
    Proof::Session(person.token.clone())
}

async fn an_operator_reads_what_a_job_failed_at_and_restarts_it(world: World) {
    let operator = world.operator().await;
    let service = service(&world);
    let none = send(&service, "GET", "/operator/jobs", &proof(&operator), None).await;
    assert!(none.body.contains("Jobs that cannot go on by themselves stand here."), "{}", none.body);
    let job = objects::make(&world, "parked_job", &operator).await.id;
    let list = send(&service, "GET", "/operator/jobs", &proof(&operator), None).await;
    assert!(list.body.contains("this node knows no job of kind of_a_newer_node"), "{}", list.body);
    let path = format!("/operator/jobs/{job}/restart");
    assert!(list.body.contains(&path));
    let work = send(&service, "GET", "/operator", &proof(&operator), None).await;
    assert!(work.body.contains("href=\"/operator/jobs\"") && work.body.contains("1 waits"), "{}", work.body);
    let restarted = send(&service, "POST", &path, &proof(&operator), Some("")).await;
    assert_eq!(restarted.status, StatusCode::SEE_OTHER, "{}", restarted.body);
    let to = restarted.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).expect("it leads back");
    let after = send(&service, "GET", to, &proof(&operator), None).await;
    assert!(after.body.contains("The job is tried again now.") && !after.body.contains(&path), "{}", after.body);
}

async fn a_program_lists_and_restarts_jobs(world: World) {
    let operator = world.operator().await;
    let service = service(&world);
    let job = objects::make(&world, "parked_job", &operator).await.id;
    let list = send(&service, "GET", "/api/v1/operator/parked-jobs", &proof(&operator), None).await;
    let list: serde_json::Value = serde_json::from_str(&list.body).expect("JSON");
    let (first, error) = (&list["items"][0], "this node knows no job of kind of_a_newer_node");
    assert_eq!((first["id"].as_str(), first["last_error"].as_str()), (Some(job.as_str()), Some(error)), "{list}");
    let path = format!("/api/v1/operator/jobs/{job}/restart");
    let restarted = send(&service, "POST", &path, &proof(&operator), Some("{}")).await;
    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.body);
    let again = send(&service, "POST", &path, &proof(&operator), Some("{}")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("job_not_parked"), "{}", again.body);
    let odd = send(&service, "GET", "/api/v1/operator/parked-jobs?after=nonsense", &proof(&operator), None).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}
