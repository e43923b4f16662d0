//! The rules, one by one.

use super::*;

const ALL: Request = Request::One(Ids::ALL);

fn index(name: &str) -> Index {
    Index { namespace: "default".into(), name: name.into() }
}

fn ids(first: u16, last: u16) -> Ids {
    Ids::new(first, last).unwrap()
}

fn one(first: u16, last: u16) -> Request {
    Request::One(ids(first, last))
}

/// A claim in index `edge`, in the words of a sentence: `claim("a", ALL).with(5).sharing("x")`.
fn claim(name: &str, request: Request) -> Claim {
    Claim {
        key: Key::new("", "", name),
        index: index("edge"),
        share: None,
        request,
        status: None,
        delete: false,
        get: false,
    }
}

impl Claim {
    fn with(self, id: u16) -> Self {
        Self { status: Some(Answer::Id(id)), ..self }
    }

    fn with_block(self, first: u16, last: u16) -> Self {
        Self { status: Some(Answer::Block(ids(first, last))), ..self }
    }

    fn sharing(self, name: &str) -> Self {
        Self { share: Some(name.into()), ..self }
    }

    fn deleting(self) -> Self {
        Self { delete: true, ..self }
    }

    fn reading(self) -> Self {
        Self { get: true, ..self }
    }

    fn in_index(self, name: &str) -> Self {
        Self { index: index(name), ..self }
    }
}

fn input(claims: Vec<Claim>) -> Input {
    Input { indices: [index("edge"), index("core")].into(), claims, ..Input::default() }
}

fn verdicts_of(input: &Input) -> Vec<Verdict> {
    plan(input).outcomes.into_iter().map(|outcome| outcome.verdict).collect()
}

fn verdicts(claims: Vec<Claim>) -> Vec<Verdict> {
    verdicts_of(&input(claims))
}

fn reallocated(claims: Vec<Claim>) -> Vec<Verdict> {
    verdicts_of(&Input { reallocate: true, ..input(claims) })
}

fn given(id: u16) -> Verdict {
    Verdict::Allocated(Answer::Id(id))
}

fn kept(id: u16) -> Verdict {
    Verdict::Kept(Answer::Id(id))
}

fn vlan(name: &str, first: u16, last: u16) -> Vlan {
    Vlan { key: Key::new("", "", name), index: index("edge"), ids: vec![ids(first, last)] }
}

#[test]
fn new_claims_get_the_lowest_ids_in_the_order_of_their_names() {
    let claims = vec![claim("n10", ALL), claim("n9", ALL), claim("n9", ALL).in_index("core")];
    assert_eq!(verdicts(claims), [given(3), given(2), given(2)]);
}

#[test]
fn what_is_stated_is_kept_and_static_ids_are_taken_first() {
    let claims = vec![claim("a", ALL), claim("b", ALL).with(2), claim("c", Request::Exactly(3)), claim("d", ALL)];
    assert_eq!(verdicts(claims), [given(4), kept(2), given(3), given(5)]);
}

#[test]
fn a_static_id_beats_the_status_and_frees_it() {
    let claims = vec![claim("a", Request::Exactly(100)).with(2), claim("b", ALL)];
    let rewritten = Verdict::Rewritten { from: Answer::Id(2), to: Answer::Id(100) };
    assert_eq!(verdicts(claims), [rewritten, given(2)]);
}

#[test]
fn a_range_narrows_and_narrow_ones_come_first() {
    let claims = vec![claim("a", ALL), claim("b", one(2, 4)), claim("c", one(2, 2)), claim("d", one(100, 199))];
    assert_eq!(verdicts(claims), [given(4), given(3), given(2), given(100)]);
}

#[test]
fn a_range_is_not_looked_at_again() {
    let plan = plan(&input(vec![claim("a", one(100, 199)).with(7)]));
    let expected = Outcome { verdict: kept(7), warning: Some(Warning::OutsideRange(ids(100, 199))) };
    assert_eq!(plan.outcomes, [expected]);
}

#[test]
fn blocks_are_held_and_larger_ones_come_first() {
    let block = |first, last| Verdict::Allocated(Answer::Block(ids(first, last)));
    let claims = vec![claim("a", Request::Block(2)), claim("b", Request::Block(10)), claim("c", ALL)];
    assert_eq!(verdicts(claims), [block(12, 13), block(2, 11), given(14)]);
    let claims = vec![claim("a", Request::Block(10)), claim("b", Request::Exactly(5))];
    assert_eq!(verdicts(claims), [block(6, 15), given(5)]);
}

#[test]
fn a_kept_block_of_another_size_is_odd() {
    let block = Answer::Block(ids(10, 19));
    let kept = || claim("a", Request::Block(5)).with_block(10, 19);
    let alone = plan(&input(vec![kept()]));
    assert_eq!(alone.outcomes, [Outcome { verdict: Verdict::Kept(block), warning: Some(Warning::OtherSize(5)) }]);
    assert_eq!(verdicts(vec![kept(), claim("b", Request::Exactly(12))]), [held(block, 12, 1), given(12)]);
}

fn held(stated: Answer, id: u16, by: usize) -> Verdict {
    Verdict::Failed(Failure::Held { stated, id, holder: Holder::Claim(by) })
}

#[test]
fn one_id_has_one_owner() {
    let five = Answer::Id(5);
    assert_eq!(verdicts(vec![claim("b", ALL).with(5), claim("a", ALL).with(5)]), [held(five, 5, 1), kept(5)]);
    let claims = vec![claim("a", ALL).with(5), claim("b", Request::Exactly(5))];
    assert_eq!(verdicts(claims), [held(five, 5, 1), given(5)], "a static claim comes first");
    let claims = vec![claim("a", Request::Exactly(5)), claim("b", Request::Exactly(5))];
    assert_eq!(verdicts(claims), [given(5), held(five, 5, 0)]);
    let claims = vec![claim("a", ALL).with(5), claim("b", ALL).with(5).in_index("core")];
    assert_eq!(verdicts(claims), [kept(5), kept(5)], "another index");
}

#[test]
fn reallocate_moves_the_dynamic_one() {
    let moved = |from, to, by| {
        let why = Failure::Held { stated: Answer::Id(from), id: from, holder: Holder::Claim(by) };
        Verdict::Moved { from: Answer::Id(from), to: Answer::Id(to), why }
    };
    assert_eq!(reallocated(vec![claim("b", ALL).with(5), claim("a", ALL).with(5)]), [moved(5, 2, 1), kept(5)]);
    let claims = vec![claim("a", ALL).with(5), claim("b", Request::Exactly(5))];
    assert_eq!(reallocated(claims), [moved(5, 2, 1), given(5)]);
    let claims = vec![claim("a", Request::Exactly(5)), claim("b", Request::Exactly(5))];
    assert_eq!(reallocated(claims), [given(5), held(Answer::Id(5), 5, 0)], "static ones never move");
}

#[test]
fn reallocate_moves_sharers_together() {
    let claims = vec![claim("a", ALL).with(5), claim("b", ALL).with(5).sharing("x"), claim("c", ALL).sharing("x")];
    let why = Failure::Held { stated: Answer::Id(5), id: 5, holder: Holder::Claim(0) };
    let moved = Verdict::Moved { from: Answer::Id(5), to: Answer::Id(2), why };
    assert_eq!(reallocated(claims), [kept(5), moved, given(2)]);
}

#[test]
fn who_cannot_move_fails() {
    let claims = vec![claim("a", Request::Exactly(5)), claim("b", one(5, 5)).with(5)];
    let usage = Usage { within: Ids::one(5), vlans: 0, claims: 1, largest: 4089 };
    let failure = Failure::CannotMove { stated: Answer::Id(5), usage };
    assert_eq!(reallocated(claims), [given(5), Verdict::Failed(failure)]);
}

#[test]
fn sharers_have_one_id_until_the_last_goes() {
    let sharer = |name: &str| claim(name, ALL).sharing("vpc-ran-edge-bd");
    assert_eq!(verdicts(vec![sharer("a"), sharer("b"), claim("c", ALL)]), [given(2), given(2), given(3)]);
    assert_eq!(verdicts(vec![sharer("a").with(9), sharer("b"), claim("c", ALL)]), [kept(9), given(9), given(2)]);
    assert_eq!(verdicts(vec![sharer("b").with(9), claim("c", ALL)]), [kept(9), given(2)]);
    let elsewhere = sharer("b").in_index("core");
    assert_eq!(verdicts(vec![sharer("a").with(9), elsewhere]), [kept(9), given(2)], "another index");
    let static_one = claim("b", Request::Exactly(100)).sharing("vpc-ran-edge-bd");
    assert_eq!(verdicts(vec![sharer("a"), static_one]), [given(100), given(100)]);
}

#[test]
fn sharers_that_state_different_ids_disagree() {
    let sharer = |name: &str, request| claim(name, request).sharing("x");
    let fails = |own, other, others| {
        let (own, others) = (Answer::Id(own), Answer::Id(others));
        Verdict::Failed(Failure::SharersState { own, other, others })
    };
    let claims = vec![sharer("a", ALL).with(5), sharer("b", ALL).with(7), sharer("c", ALL)];
    assert_eq!(verdicts(claims.clone()), [Verdict::Blocked, fails(7, 0, 5), Verdict::Blocked]);
    let why = Failure::SharersState { own: Answer::Id(7), other: 0, others: Answer::Id(5) };
    let moved = Verdict::Moved { from: Answer::Id(7), to: Answer::Id(5), why };
    assert_eq!(reallocated(claims), [kept(5), moved, given(5)]);
    let claims = vec![sharer("a", ALL).with(5), sharer("b", Request::Exactly(7))];
    assert_eq!(verdicts(claims), [fails(5, 1, 7), Verdict::Blocked], "a static claim leads");
    let claims = vec![sharer("a", Request::Exactly(5)), sharer("b", Request::Exactly(7))];
    assert_eq!(reallocated(claims), [Verdict::Blocked, fails(7, 0, 5)]);
}

#[test]
fn sharers_that_ask_for_different_things_disagree() {
    let sharer = |name: &str, request| claim(name, request).sharing("x");
    let fails = Verdict::Failed(Failure::SharersAsk { other: 0 });
    for (one_request, other_request) in
        [(ALL, Request::Block(2)), (Request::Block(3), Request::Block(2)), (one(2, 9), one(10, 19))]
    {
        let claims = vec![sharer("a", one_request), sharer("b", other_request)];
        assert_eq!(verdicts(claims), [Verdict::Blocked, fails], "{one_request:?} {other_request:?}");
    }
    let claims = vec![sharer("a", one(2, 9)), sharer("b", one(8, 19)), sharer("c", ALL)];
    assert_eq!(verdicts(claims), [given(8), given(8), given(8)], "what all have in common");
    let claims = vec![sharer("a", ALL).with(5), sharer("b", one(10, 19))];
    let fails = Verdict::Failed(Failure::SharersRange { other: 0, others: Answer::Id(5) });
    assert_eq!(verdicts(claims), [kept(5), fails]);
}

#[test]
fn a_status_that_cannot_be() {
    for (id, claim) in [(0, claim("a", ALL).with(0)), (4095, claim("a", ALL).with(4095))] {
        let failure = Failure::Unusable { stated: Answer::Id(id), id };
        assert_eq!(verdicts(vec![claim.clone()]), [Verdict::Failed(failure)]);
        let moved = Verdict::Moved { from: Answer::Id(id), to: Answer::Id(2), why: failure };
        assert_eq!(reallocated(vec![claim]), [moved]);
    }
    let block = Answer::Block(ids(10, 19));
    let claims = vec![claim("a", ALL).with_block(10, 19)];
    assert_eq!(verdicts(claims.clone()), [Verdict::Failed(Failure::Misfit { stated: block })]);
    let moved = Verdict::Moved { from: block, to: Answer::Id(2), why: Failure::Misfit { stated: block } };
    assert_eq!(reallocated(claims), [moved]);
}

#[test]
fn what_vlans_register_is_taken() {
    let with_vlans = |claims| Input { vlans: vec![vlan("storage", 2, 9)], ..input(claims) };
    let claims = vec![claim("a", ALL), claim("b", ALL).with(5), claim("c", Request::Exactly(6))];
    let fails = |id| {
        let holder = Holder::Vlan(0);
        Verdict::Failed(Failure::Held { stated: Answer::Id(id), id, holder })
    };
    assert_eq!(verdicts_of(&with_vlans(claims)), [given(10), fails(5), fails(6)]);
}

#[test]
fn two_vlans_with_one_id_clash_and_copies_do_not() {
    let mut copy = vlan("b", 7, 7);
    copy.key.package = "site".into();
    let vlans = vec![vlan("b", 7, 7), copy, vlan("a", 6, 7)];
    let plan = plan(&Input { vlans, ..input(vec![]) });
    assert_eq!(plan.clashes, [Clash { vlan: 0, other: 2, id: 7 }, Clash { vlan: 1, other: 2, id: 7 }]);
    let alone = super::plan(&Input { vlans: vec![vlan("b", 7, 7), vlan("b", 7, 8)], ..input(vec![]) });
    assert_eq!(alone.clashes, []);
}

#[test]
fn a_full_index_says_how_full() {
    let full = Input { vlans: vec![vlan("all", 2, 4000)], ..input(vec![claim("a", Request::Block(95))]) };
    let usage = Usage { within: Ids::ALL, vlans: 3999, claims: 0, largest: 94 };
    assert_eq!(verdicts_of(&full), [Verdict::Failed(Failure::Full { usage })]);
    let claims = vec![claim("a", one(2, 3)), claim("b", one(2, 3)), claim("c", one(2, 3))];
    let usage = Usage { within: ids(2, 3), vlans: 0, claims: 2, largest: 4091 };
    assert_eq!(verdicts(claims), [given(2), given(3), Verdict::Failed(Failure::Full { usage })]);
}

#[test]
fn every_id_of_an_index_can_be_given() {
    let claims: Vec<Claim> = (0..4093).map(|n| claim(&format!("n{n}"), ALL)).collect();
    let found: Vec<Verdict> = verdicts(claims);
    assert_eq!(found, (2..=4094).map(given).collect::<Vec<_>>());
}

#[test]
fn without_an_index_nothing_is_given_and_what_is_stated_stays() {
    let away = |claim: Claim| claim.in_index("away");
    let trusted = |id| Verdict::KeptWithoutIndex(Answer::Id(id));
    let claims = vec![away(claim("a", ALL)), away(claim("b", ALL).with(5)), away(claim("c", Request::Exactly(9)))];
    assert_eq!(verdicts(claims), [Verdict::Pending, trusted(5), Verdict::Pending]);
    let claims = vec![away(claim("a", Request::Exactly(9)).with(9)), away(claim("b", Request::Exactly(8)).with(7))];
    assert_eq!(verdicts(claims), [trusted(9), Verdict::Pending]);
    let claims = vec![away(claim("a", ALL).with(5)), away(claim("b", ALL).with(5))];
    assert_eq!(reallocated(claims), [trusted(5), held(Answer::Id(5), 5, 0)], "it is held, and nobody can move");
    let claims = vec![away(claim("a", ALL).with(5).sharing("x")), away(claim("b", ALL).sharing("x"))];
    assert_eq!(verdicts(claims), [trusted(5), Verdict::Pending]);
}

#[test]
fn a_claim_about_to_go_gets_nothing_new_and_holds_what_it_states() {
    let claims = vec![claim("a", ALL).deleting(), claim("b", ALL).with(2).deleting(), claim("c", ALL)];
    assert_eq!(verdicts(claims), [Verdict::Deleting, Verdict::Deleting, given(3)]);
    let claims = vec![claim("a", Request::Exactly(2)).deleting(), claim("c", ALL)];
    assert_eq!(verdicts(claims), [Verdict::Deleting, given(3)]);
    let claims = vec![claim("a", ALL).with(7).sharing("x").deleting(), claim("b", ALL).sharing("x")];
    assert_eq!(verdicts(claims), [Verdict::Deleting, given(7)], "it shares until it is gone");
    let claims = vec![claim("b", ALL).with(7).deleting(), claim("a", ALL).with(7)];
    let why = Failure::Held { stated: Answer::Id(7), id: 7, holder: Holder::Claim(0) };
    let moved = Verdict::Moved { from: Answer::Id(7), to: Answer::Id(2), why };
    assert_eq!(reallocated(claims), [Verdict::Deleting, moved], "it cannot move");
    let claims =
        vec![claim("a", ALL).with(0).deleting(), claim("b", Request::Block(2)).with(7).sharing("x").deleting()];
    assert_eq!(verdicts(claims), [Verdict::Deleting, Verdict::Deleting], "nobody will correct it");
}

#[test]
fn a_reader_takes_nothing() {
    let got = |id| Verdict::Got(Answer::Id(id));
    assert_eq!(verdicts(vec![claim("a", ALL).reading(), claim("b", ALL)]), [got(3), given(2)]);
    let claims = vec![claim("a", ALL).reading().with(9), claim("b", Request::Exactly(8))];
    assert_eq!(verdicts(claims), [got(9), given(8)], "what it read before, while it is free");
    assert_eq!(verdicts(vec![claim("a", ALL).reading().with(0)]), [got(2)], "but never what cannot be given");
    let claims = vec![claim("a", ALL).reading().with(9), claim("b", Request::Exactly(9))];
    assert_eq!(verdicts(claims), [got(2), given(9)]);
    let claims = vec![claim("a", ALL).reading().sharing("x").with(3), claim("b", ALL).sharing("x").with(9)];
    assert_eq!(verdicts(claims), [got(9), kept(9)], "what its sharers have");
    let claims = vec![claim("a", Request::Exactly(9)).reading(), claim("b", ALL).with(9)];
    assert_eq!(verdicts(claims), [held(Answer::Id(9), 9, 1), kept(9)]);
    let claims = vec![claim("a", ALL).reading().in_index("away"), claim("b", ALL).reading().with(4).in_index("away")];
    assert_eq!(verdicts(claims), [Verdict::Pending, Verdict::KeptWithoutIndex(Answer::Id(4))]);
    assert_eq!(
        verdicts(vec![claim("a", ALL).reading().with(4).deleting(), claim("b", one(4, 9))]),
        [Verdict::Deleting, given(4)]
    );
}

#[test]
fn a_reader_disagrees_as_a_sharer_does() {
    let holder = || claim("b", ALL).sharing("x").with(9);
    for (request, expected) in [
        (Request::Exactly(8), Failure::SharersState { own: Answer::Id(8), other: 1, others: Answer::Id(9) }),
        (one(2, 8), Failure::SharersRange { other: 1, others: Answer::Id(9) }),
        (Request::Block(2), Failure::SharersAsk { other: 1 }),
    ] {
        let claims = vec![claim("a", request).reading().sharing("x"), holder()];
        assert_eq!(verdicts(claims), [Verdict::Failed(expected), kept(9)]);
    }
    let failing = vec![claim("a", ALL).reading().sharing("x"), holder(), claim("c", ALL).sharing("x").with(7)];
    assert_eq!(verdicts(failing).first(), Some(&Verdict::Blocked), "the trouble is told once");
}
