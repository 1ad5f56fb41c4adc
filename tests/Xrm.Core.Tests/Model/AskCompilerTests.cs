using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Model;

/// <summary>What plugins ask to be allowed and tell of personal data.</summary>
public sealed class AskCompilerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static TheoryData<string, string, ModelDescription> Faults => new()
    {
        { "unknown", "p/Ship", new("p") { PersonalData = [new("Ship", L, null, null)] } },
        { "unknown", "p/OwnedBy", new("p") { PersonalData = [new("OwnedBy", L, null, null)] } },
        { "unknown", "p/Boat.captain", new("p") { PersonalData = [new("Boat", L, "captain", null)] } },
        { "keepDays", "p/Boat", new("p") { PersonalData = [new("Boat", L, "owner", 0)] } },
        { "label", "p/Boat", new("p") { PersonalData = [new("Boat", Label.Of("", ""), "owner", 1)] } },
        { "endpoint", "p", Asking(new() { Endpoints = [new("/rooted", false)] }) },
        { "endpoint", "p", Asking(new() { Endpoints = [new("a/../b", false)] }) },
        { "endpoint", "p", Asking(new() { Endpoints = [new("Upper", false)] }) },
        { "endpoint", "p", Asking(new() { Endpoints = [new("twice", false), new("twice", true)] }) },
        { "host", "p", Asking(new() { Hosts = ["https://api.example.org"] }) },
        { "host", "p", Asking(new() { Hosts = ["*"] }) },
        { "host", "p", Asking(new() { Hosts = ["api.*.org"] }) },
        { "schedule", "p", Asking(new() { Schedules = [new("Nightly Run", Hour)] }) },
        { "schedule", "p", Asking(new() { Schedules = [new("often", TimeSpan.FromMilliseconds(999))] }) },
        { "schedule", "p", Asking(new() { Schedules = [new("twice", Hour), new("twice", Hour)] }) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_cannot_be_asked_or_told_is_refused(string rule, string where, ModelDescription wrong)
    {
        var fault = Should.Throw<Problem>(() => ModelCompiler.Compile([People.Model, Harbour.Model, wrong], CompiledModel.Empty)).Faults.ShouldHaveSingleItem();

        (fault.Rule, fault.Field).ShouldBe((rule, where));
    }

    [Fact]
    public void What_can_be_is_taken()
    {
        var right = Asking(new()
        {
            Endpoints = [new("open311/v2/requests.json", true), new("status", false)],
            Hosts = ["api.example.org", "*.example.org", "localhost"],
            Schedules = [new("nightly", Hour), new("every-second", TimeSpan.FromSeconds(1))],
        }) with
        { PersonalData = [new("Boat", L, "owner", 365), new("Boat", L, "skippers", null), new("Person", L, null, null)] };

        ModelCompiler.Compile([People.Model, Harbour.Model, right], CompiledModel.Empty).Effective[2].PersonalData.Length.ShouldBe(3);
    }

    private static ModelDescription Asking(PluginPermissions asked) => new("p") { Permissions = asked };
}
