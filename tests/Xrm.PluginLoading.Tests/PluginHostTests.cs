using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

public sealed class PluginHostTests
{
    [Fact]
    public async Task Plugins_run_in_the_order_of_their_requirements_whatever_the_order_they_are_named_in()
    {
        await using var workshop = new Workshop().With("Guest", "Hello", "Ground");
        var host = await workshop.Start("guest", "hello", "ground");
        host.Running.Select(r => r.Manifest.Id).ShouldBe(["ground", "guest", "hello"]);
        host.States.ShouldAllBe(s => s.IsRunning && s.Reasons.IsEmpty);
        host.Of("ground").Title.ShouldBe(Label.Of("Socle", "Ground"));
    }

    [Fact]
    public async Task A_plugin_that_is_not_wanted_is_shown_and_not_run()
    {
        await using var workshop = new Workshop().With("Hello", "Ground");
        var host = await workshop.Start("hello");
        host.ShouldRun("hello");
        host.Plugins.Single(p => p.Id == "ground").Condition.ShouldBe(PluginCondition.Available);
        Directory.Exists(Path.Combine(workshop.Plugins, "code", "ground")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_newest_package_of_a_plugin_runs()
    {
        await using var workshop = new Workshop().With("Ground");
        workshop.Add("newer.nupkg", "ground", Workshop.Rewrite(Workshop.Package("Ground"), m => m["version"] = "0.1.1"), "0.1.1");
        var host = await workshop.Start("ground");
        host.Of("ground").Version.ShouldBe(new PluginVersion(0, 1, 1));
        host.ShouldRun("ground");
    }

    [Fact]
    public async Task A_version_that_does_not_suit_who_requires_it_refuses_that_one_only()
    {
        await using var workshop = new Workshop().With("Guest");
        workshop.Add("newer.nupkg", "ground", Workshop.Rewrite(Workshop.Package("Ground"), m => m["version"] = "0.2.0"), "0.2.0");
        var host = await workshop.Start("ground", "guest");
        host.ShouldBeRefused("guest", PluginPhase.Requirements, "\"ground\" [0.1.0,0.2.0)", "installed is 0.2.0");
        host.ShouldRun("ground");
    }

    [Fact]
    public async Task A_rebuilt_package_of_the_same_version_takes_the_place_of_the_installed_one()
    {
        await using var workshop = new Workshop().With("Hello");
        await workshop.Start("hello");
        var before = Directory.GetDirectories(Path.Combine(workshop.Plugins, "code", "hello")).ShouldHaveSingleItem();

        await using var rebuilt = new Workshop().With("Hello", m => m["description"] = new System.Text.Json.Nodes.JsonObject { ["fr"] = "refait", ["en"] = "rebuilt" });
        var host = await rebuilt.Start(rebuilt.Options("hello") with { PluginFolder = workshop.Plugins });

        host.ShouldRun("hello");
        var after = Directory.GetDirectories(Path.Combine(workshop.Plugins, "code", "hello")).ShouldHaveSingleItem();
        after.ShouldNotBe(before);
        File.Exists(Path.Combine(after, "Hello.dll")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_installed_runs_at_the_next_start_whatever_came_with_the_host()
    {
        await using var workshop = new Workshop().With("Hello");
        await workshop.Start("hello");
        var host = await workshop.Start(workshop.Options() with { BundledFolder = null });
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_list_of_packages_that_cannot_be_read_is_told()
    {
        await using var workshop = new Workshop().With("Hello");
        await workshop.Start("hello");
        workshop.WriteList();
        await File.WriteAllTextAsync(Path.Combine(workshop.Bundled, "bundled.json"), "{\"packages\": [{\"file\": \"../x.nupkg\", \"id\": \"x\"}]}", TestContext.Current.CancellationToken);
        var host = await workshop.StartAsItIs();
        host.ShouldBeRefused("bundled.json", PluginPhase.Package, "cannot be read", "\"../x.nupkg\" is not a file name");
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_list_of_the_first_form_is_read_and_written_anew()
    {
        await using var workshop = new Workshop().With("Hello", "Ground");
        await File.WriteAllTextAsync(Path.Combine(workshop.Plugins, "installed.json"), """{"plugins":["hello"]}""", TestContext.Current.CancellationToken);
        var host = await workshop.Start();
        host.ShouldRun("hello");
        InstalledList.Read(Path.Combine(workshop.Plugins, "installed.json"))!.Find("hello")!.Package!.Version.ShouldBe(new PluginVersion(0, 1, 0));
    }

    [Fact]
    public async Task Nothing_runs_any_more_once_the_host_is_disposed_of()
    {
        await using var workshop = new Workshop().With("Ground", "Guest");
        var host = await workshop.Start("ground", "guest");
        await host.DisposeAsync();
        host.Running.ShouldBeEmpty();
    }

    [Fact]
    public void A_plugin_sees_the_very_tokens_of_the_plugin_that_it_requires()
    {
        using var folder = new Folder();
        using var ground = Code(folder, "Ground", []);
        using var guest = Code(folder, "Guest", [ground]);
        var place = (EntityType)ground.Assembly.GetType("Ground.Place")!.GetField("Type")!.GetValue(null)!;
        var seen = (EntityType)guest.Assembly.GetType("Guest.Visit")!.GetProperty("Seen")!.GetValue(null)!;
        seen.ShouldBeSameAs(place);
    }

    [Fact]
    public async Task The_code_of_plugins_is_collected_once_they_are_let_go_together()
    {
        using var folder = new Folder();
        var contexts = LoadAndLetGo(folder);
        // Code that is being compiled once more beside is let go only then.
        for (var i = 0; i < 500 && contexts.Any(c => c.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        contexts.ShouldAllBe(c => !c.IsAlive);
    }

    [Fact]
    public void A_secret_is_the_same_each_time_and_another_for_each_plugin_name_and_authority()
    {
        var key = Encoding.UTF8.GetBytes("a key of thirty-two bytes, or so");
        var secret = AttachedPlugin.Secret(key, "hello", "token");
        secret.Length.ShouldBe(32);
        AttachedPlugin.Secret(key, "hello", "token").ShouldBe(secret);
        AttachedPlugin.Secret(key, "hello", "tokens").ShouldNotBe(secret);
        AttachedPlugin.Secret(key, "hellot", "oken").ShouldNotBe(secret);
        AttachedPlugin.Secret(key.AsEnumerable().Reverse().ToArray(), "hello", "token").ShouldNotBe(secret);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ImmutableArray<WeakReference> LoadAndLetGo(Folder folder)
    {
        using var ground = Code(folder, "Ground", []);
        using var guest = Code(folder, "Guest", [ground]);
        var builder = new ModelBuilder("guest");
        guest.Make().Describe(builder);
        builder.Build().EntityTypes.ShouldHaveSingleItem();
        return [new WeakReference(ground.Assembly), new WeakReference(guest.Assembly)];
    }

    private static PluginCode Code(Folder folder, string fixture, ImmutableArray<PluginCode> required)
    {
        var file = Path.Combine(folder.Path, fixture + ".nupkg");
        var bytes = Workshop.Package(fixture);
        File.WriteAllBytes(file, bytes);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var package = PluginPackage.Read(new(file, fixture.ToLowerInvariant(), new(0, 1, 0), hash), new());
        return PluginCode.Load(package.Manifest, package.Unpack(folder.Path), required);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("xrm-code-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
