//! The redirect: every frame that comes in at one interface leaves by another (tc-mirred(8)).

use netlink_packet_route::tc::{
    TcAction, TcActionAttribute, TcActionMirror, TcActionMirrorOption, TcActionOption,
    TcActionType, TcAttribute, TcFilterMatchAll, TcFilterMatchAllOption, TcFilterU32,
    TcFilterU32Option, TcHandle, TcMessage, TcMirror, TcMirrorActionType, TcOption, TcU32Key,
    TcU32Selector, TcU32SelectorFlags,
};
use nix::libc;

use super::{Matching, Request};

/// Ours is the only filter.
const PRIORITY: u32 = 1;

/// `ETH_P_ALL`: frames of every protocol.
const EVERY_PROTOCOL: u16 = 3;

/// What filters hang on. Frames are handed to captures before they come here.
pub(crate) fn classifier(index: u32) -> Request {
    let mut message = at(index);
    message.header.handle.major = u16::MAX;
    message.header.parent = TcHandle::CLSACT;
    message
        .attributes
        .push(TcAttribute::Kind("clsact".to_owned()));
    Request::create(libc::RTM_NEWQDISC, &message)
}

/// Takes it away again, with its filters.
pub(super) fn no_classifier(index: u32) -> Request {
    let mut message = at(index);
    message.header.handle.major = u16::MAX;
    message.header.parent = TcHandle::CLSACT;
    Request::change(libc::RTM_DELQDISC, &message)
}

/// Sends everything that comes in at `index` out of `to`. There must be no redirect yet.
pub(crate) fn redirect(index: u32, to: u32, matching: Matching) -> Request {
    let mut message = filter(index);
    let (kind, options) = match matching {
        Matching::Matchall => (TcFilterMatchAll::KIND, matchall(to)),
        Matching::U32 => (TcFilterU32::KIND, u32_that_matches_all(to)),
    };
    message.attributes = vec![
        TcAttribute::Kind(kind.to_owned()),
        TcAttribute::Options(options),
    ];
    Request::create(libc::RTM_NEWTFILTER, &message)
}

/// Takes the redirect of `index` away.
pub(crate) fn no_redirect(index: u32) -> Request {
    Request::change(libc::RTM_DELTFILTER, &filter(index))
}

fn filter(index: u32) -> TcMessage {
    let mut message = at(index);
    message.header.parent = TcHandle {
        major: u16::MAX,
        minor: TcHandle::MIN_INGRESS,
    };
    message.header.info = PRIORITY << 16 | u32::from(EVERY_PROTOCOL.to_be());
    message
}

pub(super) fn at(index: u32) -> TcMessage {
    TcMessage::with_index(index.cast_signed())
}

fn matchall(to: u32) -> Vec<TcOption> {
    let action = TcFilterMatchAllOption::Action(vec![mirred(to)]);
    vec![TcOption::MatchAll(action)]
}

/// A comparison of no bit at all.
fn u32_that_matches_all(to: u32) -> Vec<TcOption> {
    let mut selector = TcU32Selector::default();
    selector.flags = TcU32SelectorFlags::Terminal;
    selector.nkeys = 1;
    selector.keys = vec![TcU32Key::default()];
    vec![
        TcOption::U32(TcFilterU32Option::Selector(selector)),
        TcOption::U32(TcFilterU32Option::Action(vec![mirred(to)])),
    ]
}

fn mirred(to: u32) -> TcAction {
    let mut mirror = TcMirror::default();
    mirror.generic.action = TcActionType::Stolen;
    mirror.eaction = TcMirrorActionType::EgressRedir;
    mirror.ifindex = to;
    let options = TcActionOption::Mirror(TcActionMirrorOption::Parms(mirror));
    let mut action = TcAction::default();
    action.attributes = vec![
        TcActionAttribute::Kind(TcActionMirror::KIND.to_owned()),
        TcActionAttribute::Options(vec![options]),
    ];
    action
}
