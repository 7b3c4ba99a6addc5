//! Projections of embeddings onto a plane.

mod pca;
mod score;
mod tsne;

pub use pca::Pca;
pub use score::ScorePlane;
pub use tsne::tsne;

/// A place on the plane: horizontal, vertical.
pub type Place = [f64; 2];

/// A projection of any embedding onto a plane.
pub trait Projection {
    /// The place of an embedding.
    fn place(&self, embedding: &[f32]) -> Place;

    /// The embedding of length 1 closest to `embedding` whose place is moved by about `by`.
    fn moved(&self, embedding: &[f32], by: Place) -> Vec<f32>;

    /// The names of the horizontal and the vertical axis.
    fn axes(&self) -> [String; 2];
}
