//! The namespaces of XMP that are known here, with the prefixes that programs give them.

/// A namespace and its usual prefix.
#[derive(Debug, Clone, Copy)]
pub struct Ns {
    pub prefix: &'static str,
    pub uri: &'static str,
}

const fn of(prefix: &'static str, uri: &'static str) -> Ns {
    Ns { prefix, uri }
}

pub const META: Ns = of("x", "adobe:ns:meta/");
pub const RDF: Ns = of("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#");
pub const DC: Ns = of("dc", "http://purl.org/dc/elements/1.1/");
pub const LIGHTROOM: Ns = of("lr", "http://ns.adobe.com/lightroom/1.0/");
pub const MWG: Ns = of("mwg-rs", "http://www.metadataworkinggroup.com/schemas/regions/");
pub const AREA: Ns = of("stArea", "http://ns.adobe.com/xmp/sType/Area#");
pub const SIZE: Ns = of("stDim", "http://ns.adobe.com/xap/1.0/sType/Dimensions#");
pub const MICROSOFT: Ns = of("MP", "http://ns.microsoft.com/photo/1.2/");
pub const MICROSOFT_INFO: Ns = of("MPRI", "http://ns.microsoft.com/photo/1.2/t/RegionInfo#");
pub const MICROSOFT_REGION: Ns = of("MPReg", "http://ns.microsoft.com/photo/1.2/t/Region#");
