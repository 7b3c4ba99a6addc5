//! The decoders of what a HEIF file holds: HEVC by `oxideav-h265`, AV1 by `rav1d`, which is three times as
//! fast as the container library's own decoder and has no limit on pixels (docs/photos.md).

use oxideav_core::{
    CodecId, CodecInfo, CodecParameters, CodecRegistry, Decoder, Error, Frame, Packet, Result,
    VideoFrame, VideoPlane,
};
use re_rav1d::dav1d::{self, Picture, PixelLayout, PlanarImageComponent, Settings};

/// Both decoders, under the names that the container asks for.
pub(super) fn registry() -> CodecRegistry {
    let mut registry = CodecRegistry::new();
    registry.register(
        CodecInfo::new(CodecId::new("h265")).decoder(oxideav_h265::decoder::make_decoder),
    );
    registry.register(CodecInfo::new(CodecId::new("av1")).decoder(av1));
    registry
}

/// An AV1 decoder on one thread: photos are decoded in parallel.
struct Av1 {
    id: CodecId,
    decoder: dav1d::Decoder,
}

/// The length of an `av1C` record before the units that it may hold.
const CONFIGURATION: usize = 4;

fn av1(parameters: &CodecParameters) -> Result<Box<dyn Decoder>> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    let decoder = dav1d::Decoder::with_settings(&settings).map_err(failed)?;
    let mut av1 = Av1 { id: parameters.codec_id.clone(), decoder };
    if let Some(units) = parameters.extradata.get(CONFIGURATION..).filter(|units| !units.is_empty())
    {
        av1.send(units.to_vec())?;
    }
    Ok(Box::new(av1))
}

fn failed(error: dav1d::Error) -> Error {
    match error {
        dav1d::Error::Again => Error::NeedMore,
        dav1d::Error::UnsupportedBitstream => Error::unsupported("this kind of AV1"),
        dav1d::Error::NotEnoughMemory => Error::invalid("not enough memory"),
        _ => Error::invalid("its AV1 data is not valid"),
    }
}

impl Av1 {
    fn send(&mut self, units: Vec<u8>) -> Result<()> {
        match self.decoder.send_data(units, None, None, None) {
            // The decoder keeps what is sent; a picture is asked for next.
            Ok(()) | Err(dav1d::Error::Again) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

impl Decoder for Av1 {
    fn codec_id(&self) -> &CodecId {
        &self.id
    }

    fn send_packet(&mut self, packet: &Packet) -> Result<()> {
        self.send(packet.data.clone())
    }

    fn receive_frame(&mut self) -> Result<Frame> {
        let picture = self.decoder.get_picture().map_err(failed)?;
        Ok(Frame::Video(VideoFrame { pts: None, planes: planes(&picture) }))
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Copies of a picture's planes: brightness, and the two of its colours unless it is grey.
fn planes(picture: &Picture) -> Vec<VideoPlane> {
    use PlanarImageComponent::{U, V, Y};
    let components: &[_] = match picture.pixel_layout() {
        PixelLayout::I400 => &[Y],
        PixelLayout::I420 | PixelLayout::I422 | PixelLayout::I444 => &[Y, U, V],
    };
    let plane = |component: &PlanarImageComponent| VideoPlane {
        stride: picture.stride(*component) as usize,
        data: picture.plane(*component).to_vec(),
    };
    components.iter().map(plane).collect()
}
