using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.PluginLoading.Tests;

public sealed class BadPluginTests
{
    [Theory]
    [InlineData("ThrowsInConstructor", "throws-in-constructor", nameof(PluginPhase.Loading), "no key in the lock")]
    [InlineData("ThrowsInDescribe", "throws-in-describe", nameof(PluginPhase.Describing), "lost for words")]
    [InlineData("ThrowsInServices", "throws-in-services", nameof(PluginPhase.Attaching), "no tools in the box")]
    [InlineData("ThrowsInAttach", "throws-in-attach", nameof(PluginPhase.Attaching), "no wind")]
    [InlineData("SameEntityTwice", "same-entity-twice", nameof(PluginPhase.Model), "Echo")]
    [InlineData("DescribesOtherwise", "describes-otherwise", nameof(PluginPhase.Describing), "something else than its manifest (Wolf)")]
    public async Task A_plugin_that_fails_in_a_phase_is_refused_with_its_reason_and_the_others_run(string fixture, string id, string phase, string reason)
    {
        await using var workshop = new Workshop().With("Ground", fixture, "Guest");
        var host = await workshop.Start("ground", id, "guest");
        host.ShouldBeRefused(id, Enum.Parse<PluginPhase>(phase), reason);
        host.ShouldRun("ground", "guest");
        workshop.Engine.Model.Descriptions.Select(d => d.Plugin).ShouldBe(["ground", "guest"]);
    }

    [Fact]
    public async Task A_plugin_that_never_ends_describing_is_refused_when_its_time_is_up()
    {
        await using var workshop = new Workshop { TimeLimit = TimeSpan.FromSeconds(2) }.With("Ground", "HangsInDescribe");
        var host = await workshop.Start("ground", "hangs-in-describe");
        host.ShouldBeRefused("hangs-in-describe", PluginPhase.Describing, "within 2 seconds");
        host.ShouldRun("ground");
    }

    [Fact]
    public async Task A_plugin_that_wants_a_newer_sdk_is_refused_before_its_code_is_loaded()
    {
        await using var workshop = new Workshop().With("Ground").With("ThrowsInConstructor", m => m["sdk"] = "[99.0.0,100.0.0)");
        var host = await workshop.Start("ground", "throws-in-constructor");
        host.ShouldBeRefused("throws-in-constructor", PluginPhase.Package, "[99.0.0,100.0.0)", "has version 0.1.0");
        host.ShouldRun("ground");
        Directory.Exists(Path.Combine(workshop.Plugins, "code", "throws-in-constructor")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_plugin_that_lacks_the_one_it_requires_is_refused()
    {
        await using var workshop = new Workshop().With("Hello", "Guest");
        var host = await workshop.Start("hello", "guest");
        host.ShouldBeRefused("guest", PluginPhase.Requirements, "\"ground\" [0.1.0,0.2.0)", "not installed");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_plugin_that_requires_a_refused_one_is_refused_too()
    {
        await using var workshop = new Workshop().With("ThrowsInAttach").With("Hello", m => m["requires"] = new JsonObject { ["throws-in-attach"] = "[0.1.0,0.2.0)" });
        var host = await workshop.Start("hello", "throws-in-attach");
        host.ShouldBeRefused("hello", PluginPhase.Attaching, "\"throws-in-attach\"", "was refused");
        host.ShouldRun();
        workshop.Engine.Model.Descriptions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plugins_that_require_one_another_are_refused_and_the_circle_is_told()
    {
        await using var workshop = new Workshop().With("Guest", "Hello").With("Ground", m => m["requires"] = new JsonObject { ["guest"] = "[0.1.0,0.2.0)" });
        var host = await workshop.Start("ground", "guest", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Requirements, "ground → guest → ground");
        host.ShouldBeRefused("guest", PluginPhase.Requirements, "ground → guest → ground");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_package_that_was_changed_after_it_had_been_checked_is_refused()
    {
        await using var workshop = new Workshop().With("Ground", "Hello");
        var path = Path.Combine(workshop.Bundled, "Ground.nupkg");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "Ground.nupkg", "changed after it had been checked");
        host.ShouldRun("hello");
    }

    [Theory]
    [InlineData("plugin/../../evil.dll")]
    [InlineData("/etc/evil")]
    [InlineData("plugin/%2e%2e/%2e%2e/evil.dll")]
    [InlineData("plugin\\..\\evil.dll")]
    public async Task A_package_with_a_path_that_climbs_out_is_refused_and_nothing_of_it_is_unpacked(string path)
    {
        await using var workshop = new Workshop().With("Hello");
        workshop.Add("climber.nupkg", "ground", Workshop.Edit(Workshop.Package("Ground"), zip => Workshop.Write(zip, path, "boo")));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "leads out of its folder");
        host.ShouldRun("hello");
        Directory.EnumerateFiles(Path.GetDirectoryName(workshop.Bundled)!, "evil*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.Exists(Path.Combine(workshop.Plugins, "code", "ground")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_is_no_package_is_refused()
    {
        await using var workshop = new Workshop().With("Hello").Add("ground.nupkg", "ground", Encoding.UTF8.GetBytes("not a zip"));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "\"ground.nupkg\" is not a package");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_package_without_a_manifest_is_refused()
    {
        await using var workshop = new Workshop().With("Hello");
        workshop.Add("ground.nupkg", "ground", Workshop.Edit(Workshop.Package("Ground"), zip => zip.GetEntry("plugin/plugin.json")!.Delete()));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "it has no plugin/plugin.json");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_package_whose_manifest_is_bad_is_refused_with_all_that_is_wrong()
    {
        await using var workshop = new Workshop().With("Hello");
        workshop.Add("ground.nupkg", "ground", Workshop.Rewrite(Workshop.Package("Ground"), m =>
        {
            m["version"] = "one";
            m["sdk"] = "any";
            m.Remove("title");
        }));
        var host = await workshop.Start("ground", "hello");
        host.Of("ground").Reasons.Select(r => r.En).ShouldBe([
            "\"version\" must be a version (1.2.3).",
            "\"title\" is missing.",
            "\"sdk\" must be a range of versions ([1.2.0,2.0.0), or [1.2.0,) without end).",
        ]);
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_package_that_would_fill_the_disk_is_refused_before_it_is_unpacked()
    {
        await using var workshop = new Workshop { Limits = new() { Unpacked = 1 << 20 } }.With("Hello");
        var bomb = Workshop.Edit(Workshop.Package("Ground"), zip => Workshop.Write(zip, "plugin/bomb.bin", new string('0', 4 << 20)));
        bomb.Length.ShouldBeLessThan(1 << 17);
        workshop.Add("ground.nupkg", "ground", bomb);
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "once unpacked");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task Two_different_packages_of_one_plugin_and_version_are_refused()
    {
        await using var workshop = new Workshop().With("Hello", "Ground");
        workshop.Add("other.nupkg", "ground", Workshop.Rewrite(Workshop.Package("Ground"), m => m["description"] = new JsonObject { ["fr"] = "autre", ["en"] = "other" }));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "Ground.nupkg, other.nupkg");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_package_that_is_another_plugin_than_the_list_says_is_refused()
    {
        await using var workshop = new Workshop().With("Hello").Add("ground.nupkg", "ground", Workshop.Package("Guest"));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "holds guest 0.1.0, not ground 0.1.0");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_kept_package_that_was_changed_is_refused_at_the_next_start()
    {
        await using var workshop = new Workshop().With("Hello", "Ground");
        await workshop.Start("hello", "ground");
        var path = Directory.EnumerateFiles(Path.Combine(workshop.Plugins, "packages"), "ground*").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var host = await workshop.Start(workshop.Options() with { BundledFolder = null });
        host.ShouldBeRefused("ground", PluginPhase.Package, "changed after it had been checked");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_plugin_that_nobody_has_is_refused()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello", "ground");
        host.ShouldBeRefused("ground", PluginPhase.Package, "no package of the plugin \"ground\"");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_manifest_that_asks_for_less_than_its_model_needs_is_refused()
    {
        await using var workshop = new Workshop().With("Hello").With("Ground", m => m["permissions"]!["writes"] = new JsonArray());
        var host = await workshop.Start("hello", "ground");
        host.ShouldBeRefused("ground", PluginPhase.Package, "asks for something else than its model needs");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_manifest_that_names_an_assembly_the_package_does_not_have_is_told()
    {
        await using var workshop = new Workshop().With("Hello").With("Ground", m => m["assembly"] = "Other.dll");
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Package, "does not hold \"Other.dll\"");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task An_assembly_that_is_none_is_told()
    {
        await using var workshop = new Workshop().With("Hello");
        workshop.Add("ground.nupkg", "ground", Workshop.Edit(Workshop.Package("Ground"), zip =>
        {
            zip.GetEntry("plugin/Ground.dll")!.Delete();
            Workshop.Write(zip, "plugin/Ground.dll", "MZ, but nothing more");
        }));
        var host = await workshop.Start("ground", "hello");
        host.ShouldBeRefused("ground", PluginPhase.Loading, "\"Ground.dll\" cannot be loaded");
        host.ShouldRun("hello");
    }
}
