using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Files;
using Xrm.Sdk;
using static Xrm.Core.Tests.Files.Council;

namespace Xrm.Core.Tests.Files;

/// <summary>Which contents a record may name, and who gets at them through it.</summary>
public sealed class FileReferenceTests
{
    [Fact]
    public async Task What_somebody_sent_he_may_name_and_whoever_sees_the_field_sees_the_file()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var minutes = await Send(fleet, Ana, "minutes of June");
        var meeting = await Hold(fleet, Ana, Values.None.With(Minutes, minutes).With(Annexes, [minutes with { Name = "annex.txt" }]));

        foreach (var actor in (Actor[])[Ana, Bob, Fleet.Admin])
            (await Seen(fleet, actor, minutes)).ShouldBe(minutes);
        (await Seen(fleet, Bob, minutes, "annex.txt")).ShouldBe(minutes with { Name = "annex.txt" });
        (await Seen(fleet, Bob, minutes, "unknown.txt")).ShouldBe(minutes);
        (await Seen(fleet, Eve, minutes)).ShouldBeNull();
        await fleet.Set("Meeting", meeting, "isPublic", true);
        (await Seen(fleet, Eve, minutes)).ShouldBe(minutes);
        await fleet.Set("Meeting", meeting, "minutes", null);
        (await Seen(fleet, Eve, minutes)).ShouldBe(minutes with { Name = "annex.txt" });
        await fleet.Delete("Meeting", meeting);
        (await Seen(fleet, Fleet.Admin, minutes)).ShouldBeNull();
    }

    [Fact]
    public async Task A_masked_or_hidden_field_shows_nobody_its_file_and_a_relationship_shows_it_with_both_its_ends()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var (draft, seal, letter) = (await Send(fleet, Fleet.Admin, "draft"), await Send(fleet, Actor.System, "seal"), await Send(fleet, Ana, "letter"));
        var meeting = await Hold(fleet, Fleet.Admin, Values.None.With(Draft, draft));
        await fleet.Engine.Commit(Edited(meeting, Values.None.With(Seal, seal)), Actor.System, default);
        var guest = await fleet.Create(Guest, Values.None.With(Name, "Zoé"));
        await fleet.Engine.Commit(Commit.New().Relate(meeting, Invites, guest, values: Values.None.With(Letter, letter)), Ana, default);

        (await Seen(fleet, Fleet.Admin, draft)).ShouldBe(draft);
        (await Seen(fleet, Ana, draft)).ShouldBeNull();
        (await Seen(fleet, Fleet.Admin, seal)).ShouldBeNull();
        (await Seen(fleet, Bob, letter)).ShouldBe(letter);
        (await Seen(fleet, Eve, letter)).ShouldBeNull();
        await fleet.Set("Meeting", meeting, "isPublic", true);
        (await Seen(fleet, Eve, letter)).ShouldBe(letter);
    }

    [Fact]
    public async Task A_content_that_is_not_there_has_another_size_or_is_somebody_elses_is_refused_at_its_field()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var (his, hers) = (await Send(fleet, Bob, "his"), await Send(fleet, Ana, "hers"));
        var unknown = his with { Hash = new string('0', 64) };

        await Refused(Bob, Values.None.With(Minutes, unknown), ("minutes", "file"));
        await Refused(Bob, Values.None.With(Minutes, his with { Size = 2 }), ("minutes", "fileSize"));
        await Refused(Bob, Values.None.With(Minutes, hers).With(Annexes, [his, unknown]), ("minutes", "file"), ("annexes", "file"));
        await Refused(Fleet.Admin, Values.None.With(Minutes, hers), ("minutes", "file"));
        // The same words whether there is none or it is another's.
        (await Told(Bob, unknown)).ShouldBe(await Told(Bob, hers));

        await Hold(fleet, Bob, Values.None.With(Minutes, his));
        // Whoever sees it may name it elsewhere, at whatever time; whoever does not, may not.
        await fleet.Clock.Advance(days: 3);
        var copied = await Hold(fleet, Ana, Values.None.With(Annexes, [his]));
        await Refused(Eve, Values.None.With(IsPublic, true).With(Minutes, his), ("minutes", "file"));
        // One that was not saved within a day has to be sent again.
        await Refused(Ana, Values.None.With(Minutes, hers), ("minutes", "file"));
        await Send(fleet, Ana, "hers");
        await Hold(fleet, Ana, Values.None.With(Minutes, hers));
        // What a field holds it may go on holding under another name.
        await fleet.Engine.Commit(Edited(copied, Values.None.With(Annexes, [his with { Name = "other.txt" }])), Ana, default);

        async Task Refused(Actor actor, Values values, params (string Field, string Rule)[] faults)
        {
            var problem = await Should.ThrowAsync<Problem>(() => Hold(fleet, actor, values));
            problem.Faults.Select(f => (f.Field!, f.Rule!)).ShouldBe(faults);
            problem.Code.ShouldBe(ProblemCode.Invalid);
        }

        async Task<string> Told(Actor actor, FileReference file) =>
            (await Should.ThrowAsync<Problem>(() => Hold(fleet, actor, Values.None.With(Minutes, file with { Name = "a" })))).Faults[0].Message.En;
    }

    [Fact]
    public async Task A_field_that_is_not_seen_does_not_give_its_file_to_whoever_may_write_elsewhere()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var draft = await Send(fleet, Fleet.Admin, "draft");
        var meeting = await Hold(fleet, Fleet.Admin, Values.None.With(Draft, draft));
        var problem = await Should.ThrowAsync<Problem>(async () => await fleet.Engine.Commit(Edited(meeting, Values.None.With(Minutes, draft)), Ana, default));
        problem.Faults.ShouldHaveSingleItem().Field.ShouldBe("minutes");
    }

    [Fact]
    public async Task What_the_log_shows_stays_however_old_until_it_is_erased()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var (replaced, now, unsaved) = (await Send(fleet, Ana, "replaced"), await Send(fleet, Ana, "now"), await Send(fleet, Ana, "unsaved"));
        var meeting = await Hold(fleet, Ana, Values.None.With(Minutes, replaced));
        await fleet.Engine.Commit(Edited(meeting, Values.None.With(Minutes, now)), Ana, default);
        await fleet.Delete("Meeting", meeting);
        await fleet.Clock.Advance(days: 400);

        (await fleet.Engine.Files.Sweep(default)).ShouldBe(1);
        Kept(fleet, unsaved).ShouldBeFalse();
        (Kept(fleet, replaced), Kept(fleet, now)).ShouldBe((true, true));
        (await fleet.Engine.Files.Sweep(default)).ShouldBe(0);

        // The change that made it, and the one that replaced it: before and after.
        var places = (await fleet.Log()).Where(c => c.Id == meeting.Value).Select(c => c.Place).ToArray();
        await fleet.Store.Erase(places[..1]);
        (await fleet.Engine.Files.Sweep(default)).ShouldBe(0);
        await fleet.Store.Erase(places[1..2]);
        (await fleet.Engine.Files.Sweep(default)).ShouldBe(1);
        (Kept(fleet, replaced), Kept(fleet, now)).ShouldBe((false, true));
        await fleet.Store.Erase(places[2..]);
        (await fleet.Engine.Files.Sweep(default)).ShouldBe(1);
        Kept(fleet, now).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_of_many_things_is_swept_by_none_and_found_by_whoever_sees_the_last_of_them()
    {
        await using var fleet = await Fleet.With(Council.Model);
        var form = await Send(fleet, Ana, "form");
        var commit = Commit.New();
        for (var i = 0; i < 250; i++)
            commit = commit.Create(Meeting, Values.None.With(Title, $"M{i}").With(IsPublic, i == 249).With(Minutes, form));
        await fleet.Engine.Commit(commit, Ana, default);
        (await Seen(fleet, Eve, form)).ShouldBe(form);
        await fleet.Clock.Advance(days: 2);
        (await fleet.Engine.Files.Sweep(default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_names_files_is_known_again_after_opening_and_after_another_model()
    {
        var journal = new Log.MemoryJournal();
        FileReference file;
        await using (var first = await Fleet.Open(journal, Council.Model))
        {
            file = await Send(first, Ana, "kept");
            await Hold(first, Ana, Values.None.With(Minutes, file));
        }
        await using var fleet = await Fleet.Open(journal, Council.Model);
        (await Seen(fleet, Bob, file)).ShouldBe(file);
        await fleet.Put(People.Model);
        (await Seen(fleet, Fleet.Admin, file)).ShouldBeNull();
        await fleet.Put(People.Model, Council.Model);
        (await Seen(fleet, Fleet.Admin, file)).ShouldBe(file);
    }

    private static async Task<FileReference> Send(Fleet fleet, Actor actor, string text)
    {
        var kept = await fleet.Engine.Files.Take(new MemoryStream(Encoding.UTF8.GetBytes(text)), 1000, actor.Id, default);
        return new(kept.Hash, text + ".txt", "text/plain", kept.Size);
    }

    private static async Task<EntityId> Hold(Fleet fleet, Actor actor, Values values)
    {
        var id = EntityId.New();
        await fleet.Engine.Commit(Commit.New().Create(Meeting, id, values.With(Title, "Council")), actor, default);
        return id;
    }

    private static Commit Edited(EntityId meeting, Values values) => Commit.New().And(new Edit.Update("Meeting", meeting, null, values)) with { OnConflict = OnConflict.Overwrite };

    private static async Task<FileReference?> Seen(Fleet fleet, Actor actor, FileReference file, string? name = null)
    {
        using var reader = fleet.Engine.Read(actor);
        return await SeenFiles.Find(reader, file.Hash, name, default);
    }

    private static bool Kept(Fleet fleet, FileReference file) => fleet.Engine.Files.Find(file.Hash) is not null;
}
