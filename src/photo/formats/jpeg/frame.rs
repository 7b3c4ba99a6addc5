//! A JPEG's frame header: its process, its size, and how its components are sampled.

/// A component of the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Component {
    pub name: u8,
    /// Samples across and down, relative to those of other components.
    pub across: u32,
    pub down: u32,
}

/// The largest number of components that are read: four inks.
pub(super) const MOST: usize = 4;

/// The fields of a frame header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// The kind of its marker, which names the process.
    pub kind: u8,
    /// Bits of a sample.
    pub depth: u8,
    pub width: u32,
    pub height: u32,
    pub number: u8,
    components: [Component; MOST],
}

impl Frame {
    pub fn of(kind: u8, content: &[u8]) -> Self {
        let [depth, h0, h1, w0, w1, number, each @ ..] = content else { return Self::default() };
        let side = |high: &u8, low: &u8| u32::from(u16::from_be_bytes([*high, *low]));
        let (width, height) = (side(w0, w1), side(h0, h1));
        let mut components = [Component::default(); MOST];
        for (component, found) in components.iter_mut().zip(each.chunks_exact(3)) {
            let (across, down) = (u32::from(found[1] >> 4), u32::from(found[1] & 15));
            *component = Component { name: found[0], across, down };
        }
        Self { kind, depth: *depth, width, height, number: *number, components }
    }

    /// The components, the first few if there are more than are read.
    pub fn components(&self) -> &[Component] {
        &self.components[..usize::from(self.number).min(MOST)]
    }

    pub fn is_progressive(&self) -> bool {
        matches!(self.kind, 0xC2 | 0xCA)
    }

    /// The most samples that a component has across and down.
    pub fn most(&self) -> (u32, u32) {
        let most =
            |of: fn(&Component) -> u32| self.components().iter().map(of).max().unwrap_or(0).max(1);
        (most(|component| component.across), most(|component| component.down))
    }

    /// The groups of blocks across and down that scans of all components consist of.
    pub fn groups(&self) -> (u32, u32) {
        let (across, down) = self.most();
        (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down))
    }

    /// The blocks across and down that a scan of this component alone consists of.
    pub fn blocks(&self, component: &Component) -> (u32, u32) {
        let (across, down) = self.most();
        (
            (self.width * component.across).div_ceil(8 * across),
            (self.height * component.down).div_ceil(8 * down),
        )
    }

    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The bytes of all coefficients, two for each: a component has as many as it has pixels, in
    /// whole blocks.
    pub fn coefficients(&self) -> u64 {
        let (across, down) = self.groups();
        let blocks = |component: &Component| u64::from(component.across * component.down);
        let blocks: u64 = self.components().iter().map(blocks).sum();
        2 * 64 * u64::from(across) * u64::from(down) * blocks
    }
}
