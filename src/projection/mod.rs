//! Embeddings to places on a plane. Nothing here knows what a picture looks like.

mod pca;
mod score;
mod tsne;

pub use pca::Pca;
pub use score::ScorePlane;
pub use tsne::tsne;

/// A place on the plane: across, up.
pub type Place = [f64; 2];

/// A way to lay any embedding out on a plane.
pub trait Projection {
    /// Where an embedding lands.
    fn place(&self, embedding: &[f32]) -> Place;

    /// The unit embedding closest to `embedding` that lands about `by` away from where it does.
    fn moved(&self, embedding: &[f32], by: Place) -> Vec<f32>;

    /// What the axis across and the axis up are called.
    fn axes(&self) -> [String; 2];
}
