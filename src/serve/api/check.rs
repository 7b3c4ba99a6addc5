//! `POST /api/check`: photos against one person, several or all, each photo analysed once.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, Request, State};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::aside;
use super::describe::{Bytes, Guarded, OfBody, OfPerson};
use super::embed::PhotoForm;
use crate::check::{CheckReport, CheckSettings, check as judge};
use crate::decision::Decision;
use crate::people::Person;
use crate::serve::analysis::{AnalysedUpload, Look};
use crate::serve::problem::{Answer, Problem};
use crate::serve::{Server, Shared};

/// One photo against one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// The id of the person the photo was checked against.
    person: String,
    /// The name of that person.
    name: String,
    #[serde(flatten)]
    report: CheckReport,
}

/// The results for each photo, in order, and for each person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Results {
    results: Vec<Checked>,
}

/// The query's parameters.
#[derive(Debug, Default, PartialEq, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The people to check against; everybody if none is given.
    #[param(rename = "person", style = Form, explode, required = false)]
    people: Vec<String>,
    /// Another false accept rate for this request: the share of strangers that is accepted, such as 1e-4; it
    /// must be above 1e-7.
    #[param(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1, nullable = false)]
    far: Option<f64>,
    /// The prior probability that a face is the person's; 0.5 if not given.
    #[param(exclusive_minimum = 0, exclusive_maximum = 1, nullable = false)]
    prior: Option<f64>,
    /// Say no-match instead of uncertain.
    #[param(required = false)]
    strict: bool,
    /// The name of a photo that is sent as plain bytes.
    #[param(max_length = 1024, nullable = false)]
    photo: Option<String>,
}

impl Asked {
    /// From a query's text; a person may be named several times.
    fn parse(query: &str) -> Answer<Self> {
        let mut asked = Self::default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|e| Problem::wrong(format!("the query cannot be read: {e}")))?;
        for (name, value) in pairs {
            let wrong = |right: &str| Problem::wrong(format!("{name}: {right}"));
            let number = || value.parse::<f64>().map_err(|_| wrong("not a number"));
            match name.as_str() {
                "person" => asked.people.push(value),
                "far" => asked.far = Some(number()?),
                "prior" => {
                    let prior = number()?;
                    if !(prior > 0.0 && prior < 1.0) {
                        return Err(wrong("give a probability between 0 and 1"));
                    }
                    asked.prior = Some(prior);
                }
                "strict" => {
                    asked.strict = value.parse().map_err(|_| wrong("give true or false"))?
                }
                "photo" => asked.photo = Some(value),
                _ => return Err(wrong("unknown parameter; see /openapi.json")),
            }
        }
        Ok(asked)
    }

    fn settings(&self) -> CheckSettings {
        let settings = CheckSettings::default();
        CheckSettings { prior: self.prior.unwrap_or(settings.prior), strict: self.strict }
    }
}

/// A person, with the decision at the requested rate.
struct Judge {
    person: Arc<Person>,
    other: Option<Decision>,
}

/// Check whether people are in photos
///
/// The results are those of `verify check --json`, for each photo in order, for each person.
#[utoipa::path(
    post, path = "/api/check", operation_id = "check",
    params(Asked),
    request_body(content(
        (PhotoForm = "multipart/form-data"),
        (inline(Bytes) = "application/octet-stream"),
        (inline(Bytes) = "image/jpeg"),
        (inline(Bytes) = "image/png")
    )),
    responses(
        (status = 200, description = "The results.", body = Results),
        Guarded, OfBody, OfPerson
    )
)]
pub async fn check(
    State(server): State<Shared>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer<Json<Results>> {
    let asked = Asked::parse(&query.unwrap_or_default())?;
    let (people, far) = (asked.people.clone(), asked.far);
    let judges = aside(&server, move |server| judges(server, people, far)).await?;
    let upload = server.budget.photos(request, asked.photo.as_deref()).await?;
    let photos = server.analysis.look(upload.photos, Look::default()).await?;
    server.metrics.looked_at(&photos);
    let each = |seen| judges.iter().map(move |judge| (judge, seen));
    let results = photos.iter().flat_map(each);
    let results = results.map(|(judge, seen)| judge.checked(seen, asked.settings())).collect();
    Ok(Json(Results { results }))
}

/// The people named, or everybody whose profile can be used.
fn judges(server: &Server, named: Vec<String>, rate: Option<f64>) -> Answer<Vec<Judge>> {
    let everybody = named.is_empty();
    let ids = if everybody { server.people.folder.files().into_keys().collect() } else { named };
    let mut judges = Vec::with_capacity(ids.len());
    for id in ids {
        let person = match server.people.person(&id) {
            Err(_) if everybody => continue,
            person => person?,
        };
        let other = match rate {
            Some(rate) => {
                let mut profile = person.profile.clone();
                profile.threshold = super::far(rate)?;
                Some(super::made(profile.decision(&server.people.population))?)
            }
            None => None,
        };
        judges.push(Judge { person, other });
    }
    if judges.is_empty() {
        return Err(Problem::missing("nobody is enrolled yet; POST /api/people first"));
    }
    Ok(judges)
}

impl Judge {
    fn checked(&self, seen: &AnalysedUpload, settings: CheckSettings) -> Checked {
        let Person { id, profile, decision, .. } = &*self.person;
        let decision = self.other.as_ref().unwrap_or(decision);
        let report = match &seen.photo {
            Ok(photo) => judge(profile, decision, settings, &seen.name, Ok(photo.clone())),
            Err(error) => CheckReport::unreadable(&seen.name, decision.threshold, error.clone()),
        };
        Checked { person: id.clone(), name: profile.name.clone(), report }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_people_and_terms() {
        let asked = Asked::parse("person=a&person=b&far=1e-5&strict=true&photo=x%20y.jpg").unwrap();
        assert_eq!(asked.people, ["a", "b"]);
        assert_eq!((asked.far, asked.strict), (Some(1e-5), true));
        assert_eq!(asked.photo.as_deref(), Some("x y.jpg"));
        assert_eq!(Asked::parse("").unwrap(), Asked::default());
        for bad in ["far=x", "prior=1", "prior=NaN", "strict=maybe", "nonsense=1"] {
            assert!(Asked::parse(bad).is_err(), "{bad}");
        }
    }
}
