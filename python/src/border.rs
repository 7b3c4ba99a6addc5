//! A decision fitted to embeddings alone, without photos or a name.

use numpy::{PyArray1, PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyType;
use sameface::decision::{Decision, Method, Population};
use sameface::pack::Pack;

use crate::errors::raised;
use crate::packs::OpenedPack;
use crate::person::method_called;
use crate::scores::{scores, vectors};

/// A fitted method, with what it was fitted to, so that it can be pickled.
#[pyclass(frozen, module = "sameface._sameface")]
pub struct Border {
    person: Py<PyArray2<f32>>,
    others: Py<PyArray2<f32>>,
    method: Method,
    pack: Py<OpenedPack>,
    decision: Decision,
}

/// What a border is made from: the person, others, the method's name, the pack.
type FittedTo = (Py<PyArray2<f32>>, Py<PyArray2<f32>>, &'static str, Py<OpenedPack>);

#[pymethods]
impl Border {
    #[new]
    fn new(
        py: Python<'_>,
        person: PyReadonlyArray2<'_, f32>,
        others: PyReadonlyArray2<'_, f32>,
        method: &str,
        pack: Py<OpenedPack>,
    ) -> PyResult<Self> {
        let method = method_called(method)?;
        let models: &Pack = &pack.get().pack;
        let width = models.dimensions();
        let (own, negatives) = (vectors(&person, width)?, vectors(&others, width)?);
        let decision = py.detach(|| fitted(models, method, &own, &negatives)).map_err(raised)?;
        let (person, others) = (person.as_any().clone(), others.as_any().clone());
        let (person, others) = (person.extract()?, others.extract()?);
        Ok(Self { person, others, method, pack, decision })
    }

    fn score<'py>(
        &self,
        py: Python<'py>,
        embeddings: PyReadonlyArray2<'py, f32>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        scores(py, &self.decision, &embeddings, threads)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, FittedTo) {
        let (person, others) = (self.person.clone_ref(py), self.others.clone_ref(py));
        (py.get_type::<Self>(), (person, others, self.method.name(), self.pack.clone_ref(py)))
    }
}

/// The decision; its threshold is not used, since there are no look-alikes.
fn fitted(
    pack: &Pack,
    method: Method,
    own: &[Vec<f32>],
    negatives: &[Vec<f32>],
) -> sameface::Result<Decision> {
    Decision::fit(method, &Population::of(pack)?, own, negatives, &[], f64::INFINITY)
}
