//! The directory: what the backend tells of companies, projects, people and members.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{
    event::MAX_ID,
    input::{self, Expected, Fault, Fields, Names, text_problem},
    json::Json,
};
use bluehook_dispatcher::{Changed, Company, DirectoryChange, Page, Project, Role, User, all_in};
use serde::Serialize;

use super::{
    body::Body,
    if_match::{IfMatch, etag},
    only,
    params::Params,
    view::{self, CompanyView, MemberView, ProjectView, UserView},
};
use crate::{
    auth::{Caller, Service},
    problem::Problem,
    state::State,
};

/// The longest name of anything, in characters.
const MAX_NAME: usize = 255;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).default_service(only("PUT, DELETE"));
    config
        .service(resource("/v1/companies/{id}").put(put_company).delete(delete_company))
        .service(web::resource("/v1/projects").get(projects).default_service(only("GET, HEAD")))
        .service(resource("/v1/projects/{id}").put(put_project).delete(delete_project))
        .service(resource("/v1/users/{id}").put(put_user).delete(delete_user))
        .service(resource("/v1/projects/{id}/members/{userId}").put(put_member).delete(delete_member));
}

async fn put_company(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let id = checked_id(id.into_inner())?;
    let company = body.read(|mut fields| {
        let name = fields.required("name", input::text(MAX_NAME));
        let slug = fields.optional("slug", input::text(MAX_NAME));
        fields.finish(name.map(|name| Company { id, name, slug }))
    })?;
    let told = tell(&state, &request, DirectoryChange::PutCompany(company.clone())).await?;
    Ok(put(told, CompanyView::new(&company)))
}

async fn put_project(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let id = checked_id(id.into_inner())?;
    let project = body.read(|mut fields| {
        let company_id = fields.required("companyId", input::text(MAX_ID));
        let name = fields.required("name", input::text(MAX_NAME));
        let slug = fields.optional("slug", input::text(MAX_NAME));
        fields.finish(company_id.zip(name).map(|(company_id, name)| Project { id, company_id, name, slug }))
    })?;
    let told = tell(&state, &request, DirectoryChange::PutProject(project.clone())).await?;
    Ok(put(told, ProjectView::new(&project)))
}

async fn put_user(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let id = checked_id(id.into_inner())?;
    let user = body.read(|mut fields| {
        let email = fields.required("email", email);
        let full_name = fields.required("fullName", input::text(MAX_NAME));
        let locale = fields.optional("locale", input::text(35));
        fields.finish(email.zip(full_name).map(|(email, full_name)| User { id, email, full_name, locale }))
    })?;
    let told = tell(&state, &request, DirectoryChange::PutUser(user.clone())).await?;
    Ok(put(told, UserView::new(&user)))
}

async fn put_member(
    _: Service,
    ids: web::Path<(String, String)>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (project_id, user_id) = ids.into_inner();
    let role = body.read(|mut fields| {
        let role = fields.required("role", role);
        fields.finish(role)
    })?;
    let change =
        DirectoryChange::PutMember { project_id: project_id.clone(), user_id: user_id.clone(), role };
    let told = tell(&state, &request, change).await?;
    Ok(put(told, MemberView::new(&project_id, &user_id, role)))
}

async fn delete_company(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let deleted = delete(&state, &request, DirectoryChange::DeleteCompany(id.clone())).await?;
    state.end_of(&request, |owner| owner.company_id == *id).await?;
    Ok(deleted)
}

async fn delete_project(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    delete(&state, &request, DirectoryChange::DeleteProject(id.into_inner())).await
}

async fn delete_user(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let deleted = delete(&state, &request, DirectoryChange::DeleteUser(id.clone())).await?;
    state.end_of(&request, |owner| owner.user_id == *id).await?;
    Ok(deleted)
}

async fn delete_member(
    _: Service,
    ids: web::Path<(String, String)>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (project_id, user_id) = ids.into_inner();
    delete(&state, &request, DirectoryChange::DeleteMember { project_id, user_id }).await
}

async fn delete(
    state: &State,
    request: &HttpRequest,
    change: DirectoryChange,
) -> Result<HttpResponse, Problem> {
    tell(state, request, change).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The projects of one company; for a person, those of theirs that they are in.
async fn projects(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let company_id = match &caller {
        Caller::Service => params.required_id("companyId"),
        Caller::User(owner) => Some(owner.company_id.clone()),
    };
    let words = params.words("q").unwrap_or_default();
    params.finish()?;
    let access = state.access(&caller);
    let mut items = company_id.map(|id| access.projects(&id)).unwrap_or_default();
    items.retain(|project| all_in(&words, &project.name));
    let view = |project| ProjectView::new(project).with_role(access.role_in(project));
    Ok(view::page(&Page { items, next_cursor: None }, view))
}

/// Tells the directory one thing, if what it knows of it is as it was read. Gives the tag of what it knows then.
async fn tell(
    state: &State,
    request: &HttpRequest,
    change: DirectoryChange,
) -> Result<(Changed, Option<String>), Problem> {
    let expected = IfMatch::of(request);
    let by = state.by(&Caller::Service, request);
    let changed = by.change_directory_if(change.clone(), move |version| expected.fits(version)).await?;
    Ok((changed, state.dispatcher.directory_version(&change).map(|version| etag(&version))))
}

fn put((changed, tag): (Changed, Option<String>), view: impl Serialize) -> HttpResponse {
    let mut response = if changed == Changed::Created { HttpResponse::Created() } else { HttpResponse::Ok() };
    if let Some(tag) = tag {
        response.insert_header((header::ETAG, tag));
    }
    response.json(view)
}

fn checked_id(id: String) -> Result<String, Problem> {
    match text_problem(&id, MAX_ID) {
        Some(fault) => Err(Problem::at("/id", fault)),
        None => Ok(id),
    }
}

fn email<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<String> {
    let email = input::text(320)(fields, name, raw)?;
    let fits = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !fits {
        fields.problem(name, Fault::WrongForm(Expected::Email));
    }
    fits.then_some(email)
}

fn role<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Role> {
    let text = input::any_text(fields, name, raw)?;
    let role = Role::from_name(&text);
    if role.is_none() {
        fields.problem(name, Fault::UnknownWord(Names::near(&text, &Role::ALL.map(Role::name))));
    }
    role
}
