//! Pictures and pages of a person.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use image::RgbImage;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfLearning, OfPerson};
use super::{Id, aside, made};
use crate::page::{Expected, plot_page, report_page};
use crate::people::Person;
use crate::photo::{Limits, decode};
use crate::plot::{Format, Picture, Scene, Size, View, cut_out, encode, jpeg, portrait};
use crate::profile::PhotoRecord;
use crate::serve::analysis::PORTRAIT;
use crate::serve::problem::{Answer, Problem};
use crate::serve::{Server, Shared};
use crate::words::same_name;

/// A page with its own script must not be able to call this server, so it gets no origin.
const BOXED: &str = "sandbox allow-scripts allow-popups; frame-ancestors 'self'";

/// The plot's parameters.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Drawn {
    /// How faces are arranged; pca by default.
    #[param(inline)]
    view: PlotView,
    /// A page or a picture; html by default.
    #[param(inline)]
    format: Kind,
}

#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum PlotView {
    #[default]
    Pca,
    Score,
    Tsne,
}

#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Html,
    Svg,
    Png,
}

/// A photo.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// The photo's name.
    photo: String,
}

/// The person's photos among strangers
#[utoipa::path(
    get, path = "/api/people/{id}/plot", operation_id = "plot",
    params(Id, Drawn),
    responses(
        (status = 200, description = "The page or the picture.", content(
            (String = "text/html"),
            (String = "image/svg+xml"),
            (inline(Bytes) = "image/png")
        )),
        Guarded, OfPerson, OfLearning
    )
)]
pub async fn plot(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(drawn): Query<Drawn>,
) -> Answer<Response> {
    let view = match drawn.view {
        PlotView::Pca => View::Pca,
        PlotView::Score => View::Score,
        PlotView::Tsne => View::Tsne,
    };
    let format = match drawn.format {
        Kind::Html => {
            return page(&server, id, move |_, person, scene| {
                plot_page(scene, &person.decision, view, None)
            })
            .await;
        }
        Kind::Svg => Format::Svg,
        Kind::Png => Format::Png,
    };
    let bytes = aside(&server, move |server| {
        let person = server.people.person(&id)?;
        let scene = made(Scene::of(&person.profile, &person.decision, &[]))?;
        let picture = made(Picture::of(&scene, &person.decision, view))?;
        encode(&picture, format, Size { width: 1600, height: 1200 }).map_err(|_| Problem::broken())
    });
    let kind = if format == Format::Svg { "image/svg+xml" } else { "image/png" };
    Ok(([(header::CONTENT_TYPE, kind)], bytes.await?).into_response())
}

/// A page that says how reliable the profile is
#[utoipa::path(
    get, path = "/api/people/{id}/report", operation_id = "report",
    params(Id),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        Guarded, OfPerson, OfLearning
    )
)]
pub async fn report(State(server): State<Shared>, Path(Id { id }): Path<Id>) -> Answer<Response> {
    page(&server, id, |_, person, scene| {
        let expected = Expected::of(scene, &person.profile, &person.decision);
        report_page(&person.profile, scene, &person.decision, &expected, None)
    })
    .await
}

/// A small picture of an enrolled face
#[utoipa::path(
    get, path = "/api/people/{id}/face", operation_id = "face",
    params(Id, Named),
    responses(
        (status = 200, description = "A JPEG.", body = inline(Bytes), content_type = "image/jpeg"),
        Guarded, OfPerson
    )
)]
pub async fn face(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(Named { photo }): Query<Named>,
) -> Answer<Response> {
    let picture = aside(&server, move |server| {
        let person = server.people.person(&id)?;
        let photos = &person.profile.photos;
        let record = photos.iter().find(|record| same_name(&record.path.to_string_lossy(), &photo));
        let missing = || Problem::missing("no picture of this face is available");
        let record = record.ok_or_else(missing)?;
        match server.people.kept_face(&id, &record.sha256) {
            Some(jpeg) => Ok(jpeg),
            None if record.sent => Err(missing()),
            None => from_disk(server, record).ok_or_else(missing),
        }
    });
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], picture.await?).into_response())
}

/// The face from its enrolled photo, if that is on this machine.
fn from_disk(server: &Server, record: &PhotoRecord) -> Option<Vec<u8>> {
    let face = &record.face.as_ref()?.face;
    let cut =
        portrait(&record.path, &record.sha256, face, &server.pack.description.crop, PORTRAIT)?;
    jpeg(&cut).ok()
}

/// A page of the person, with the faces that have pictures.
async fn page(
    server: &Shared,
    id: String,
    make: impl FnOnce(&Server, &Person, &Scene) -> crate::Result<String> + Send + 'static,
) -> Answer<Response> {
    let page = aside(server, move |server| {
        let person = server.people.person(&id)?;
        let mut scene = made(Scene::of(&person.profile, &person.decision, &[]))?;
        let template = &server.pack.description.crop;
        made(cut_out(&mut scene, template, PORTRAIT, server.threads, || ()))?;
        add_kept_faces(server, &person, &mut scene);
        made(make(server, &person, &scene))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, BOXED),
    ];
    Ok((headers, page.await?).into_response())
}

/// Add the kept pictures of photos that are not on this machine.
fn add_kept_faces(server: &Server, person: &Person, scene: &mut Scene) {
    for face in scene.groups.iter_mut().flat_map(|group| &mut group.faces) {
        if face.crop.is_none()
            && let Some(kept) = server.people.kept_face(&person.id, &face.sha256)
        {
            face.crop = picture(face.path.as_path(), &kept).map(Arc::new);
        }
    }
}

/// A kept picture.
fn picture(name: &std::path::Path, jpeg: &[u8]) -> Option<RgbImage> {
    let limits = Limits { side: 4 * PORTRAIT, ..Limits::default() };
    decode(name, jpeg, &limits).ok()
}
