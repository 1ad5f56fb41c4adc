using System.Text.Json;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Administration.Harbour;

namespace Xrm.Core.Tests.Administration;

/// <summary>How the log tells of changes of the model.</summary>
public sealed class ModelHistoryTests
{
    [Fact]
    public async Task What_a_model_was_changed_for_is_told_to_administrators()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(new(CustomFieldAction.Add, "Boat", "badge") { Field = Text("badge") }, Admin, default);
        await fields.Apply(new(CustomFieldAction.Relabel, "Boat", "badge") { Field = Text("badge") with { Sensitivity = Sensitivity.Public } }, Admin, default);
        await fields.Apply(new(CustomFieldAction.Retire, "Boat", "badge"), Admin, default);
        await harbour.Engine.ChangeModel(new ModelChange([Boats(Text("name")), Berths(LiesAt())]) { Note = new ModelNote("install", "berths", "1.2.0") }, Admin, default);

        var told = await Changes(harbour.Engine.As(Admin));

        told.ShouldAllBe(c => c.Kind == ChangeKind.Model && c.Type == "Model" && c.Id == default && c.Field == null && c.Before == null);
        told.Select(c => ((JsonElement)c.After!).GetRawText()).ShouldBe(
        [
            """{"action":"change","added":["Boat","Boat.name"],"parked":[],"changed":[]}""",
            """{"action":"addField","subject":"Boat.x_badge","added":["Boat.x_badge"],"parked":[],"changed":[]}""",
            """{"action":"relabelField","subject":"Boat.x_badge","added":[],"parked":[],"changed":["Boat.x_badge"]}""",
            """{"action":"retireField","subject":"Boat.x_badge","added":[],"parked":["Boat.x_badge"],"changed":[]}""",
            """{"action":"install","subject":"berths","version":"1.2.0","added":["Berth","Berth.name","LiesAt"],"parked":[],"changed":[]}""",
        ]);
        told[^1].Actor.ShouldBe(Admin.Id);
    }

    [Fact]
    public async Task Others_are_told_that_it_changed_and_no_more()
    {
        var boats = Boats(Text("name")) with { Roles = [new Role("reader", BoatLabel, [new Grant("Boat", Rights.Read)])] };
        await using var harbour = await With(boats);
        var granted = new GrantedDoor(harbour.Engine.As(Actor.Of("plugin:x", Role.Administrator)), "x", PluginPermissions.None, () => harbour.Engine.Model);

        foreach (var door in (IXrm[])[harbour.Engine.As(Actor.Of("user:reader", "reader")), granted])
        {
            var change = (await Changes(door)).Single();
            (change.Kind, change.Type, change.After).ShouldBe((ChangeKind.Model, "Model", null));
        }
        (await Changes(harbour.Engine.As(Actor.Anonymous))).ShouldBeEmpty();
    }

    private static async Task<List<Change>> Changes(IXrm door)
    {
        var changes = new List<Change>();
        await foreach (var change in door.Changes(Cursor.Start))
            changes.Add(change);
        return changes;
    }
}
