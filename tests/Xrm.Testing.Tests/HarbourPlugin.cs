using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.Testing.Tests;

/// <summary>Takes part everywhere, so that everything that a host runs is run.</summary>
public sealed class HarbourPlugin : Plugin
{
    public override string Id => "harbour";
    public override Label Title => Label.Of("Port", "Harbour");

    public Label Greeting { get; init; } = Label.Of("Port", "Harbour");

    public override void Describe(ModelBuilder model) => model
        .Add(Boat.Type)
        .Role("harbourMaster", Label.Of("Capitainerie", "Harbour master"), grant => grant.All(Sensitivity.Internal, Boat.Type))
        .Permissions(ask => ask.Endpoint("boats").Endpoint("tide", isPublic: true).Host("tides.example.org").Host("*.example.net").Schedule("count", TimeSpan.FromHours(1)));

    public override void AddServices(IServiceCollection services) => services.AddSingleton<Register>();

    public override void Attach(Hooks hooks, PluginContext context)
    {
        var register = context.Services.GetRequiredService<Register>();
        hooks.Saving(Boat.Type).Add((boat, _) =>
        {
            if (boat.Get(Boat.Name) == "Titanic")
                throw new Problem(ProblemCode.Invalid, Label.Of("Ce nom porte malheur.", "This name brings bad luck."), "name", "luck");
            boat.Put(Boat.Port, context.Settings.GetValueOrDefault("port", "Nulle-Part"));
            return ValueTask.CompletedTask;
        });
        hooks.Endpoints.Add(new Endpoint("boats", async (call, cancellation) => call.Method == "POST"
            ? HttpAnswer.Text(await new StreamReader(call.Body).ReadToEndAsync(cancellation))
            : new HttpAnswer(200)
            {
                Write = async (body, token) =>
                {
                    await using var text = new StreamWriter(body, leaveOpen: true);
                    await text.WriteAsync(string.Join('|', (await call.Xrm.Query(Query.For(Boat.Type), token)).Entities.Select(b => b.DisplayName))
                        + $" ({call.Path}; {string.Join(",", call.Query.GetValueOrDefault("q", []))}; {call.Actor.Id}; {call.Language})");
                },
            }) { Methods = ["GET", "POST"] });
        hooks.Endpoints.Add(new Endpoint("tide", async (_, cancellation) => HttpAnswer.Text(await context.Http.GetStringAsync(new Uri("https://tides.example.org/now"), cancellation))));
        hooks.Jobs.Add(new Job("count", async cancellation =>
        {
            register.Counted = register.Counted.Add((context.Time.GetUtcNow(), (await context.Xrm.Query(Query.For(Boat.Type), cancellation)).Entities.Length));
            await context.Xrm.Commit(Commit.New().Create(Boat.Type, Values.None.With(Boat.Name, $"Counted {register.Counted.Length}")), cancellation);
        }));
        hooks.Imports.Add(new ImportFormat("boats", Label.Of("Bateaux", "Boats"), ImmutableDictionary<string, Label>.Empty.Add("fleet", Label.Of("Flotte", "Fleet")), Read));
        hooks.Exports.Add(new ExportFormat("boats", Label.Of("Bateaux", "Boats"), ImmutableDictionary<string, Label>.Empty, Write));
        context.Services.GetRequiredService<ILogger<HarbourPlugin>>().LogInformation("{Name} runs", Greeting.En);
    }

    private static async ValueTask<ImportPlan> Read(Import import, CancellationToken cancellation)
    {
        var commit = Commit.New();
        using var reader = new StreamReader(import.Source);
        while (await reader.ReadLineAsync(cancellation) is { } name)
            if ((await import.Xrm.Query(Query.For(Boat.Type).Where(Boat.Name.Is(name)), cancellation)).Entities.IsEmpty)
                commit = commit.Create(name == "Person" ? EntityType.Elsewhere("Person") : Boat.Type, Values.None.With(Boat.Name, name + import.Options.GetValueOrDefault("fleet")));
        return new(commit, new() { Rows = commit.Edits.Count });
    }

    private static async ValueTask<int> Write(Export export, CancellationToken cancellation)
    {
        var boats = (await export.Xrm.Query(Query.For(Boat.Type).Order(Boat.Name), cancellation)).Entities;
        await using var text = new StreamWriter(export.Target, leaveOpen: true);
        foreach (var boat in boats)
            await text.WriteLineAsync(boat.Get(Boat.Name));
        return boats.Length;
    }

    /// <summary>A service with something to let go of.</summary>
    public sealed class Register : IDisposable
    {
        public static AsyncLocal<List<string>?> Disposed { get; } = new();

        public ImmutableArray<(DateTimeOffset At, int Boats)> Counted { get; set; } = [];

        public void Dispose() => Disposed.Value?.Add("register");
    }
}

public static class Boat
{
    public static readonly EntityType Type = EntityType.Named("Boat", Label.Of("Bateau", "Boat"));
    public static readonly Field<string> Name = Type.Text("name", Label.Of("Nom", "Name")).Required();
    public static readonly Field<string> Port = Type.Text("port", Label.Of("Port", "Port"));
}

/// <summary>Comes beside the harbour, and asks for nothing of what it does not bring.</summary>
public sealed class CrewPlugin : Plugin
{
    public override string Id => "crew";
    public override Label Title => Label.Of("Équipage", "Crew");

    /// <summary>What it held when it attached.</summary>
    public PluginContext? Context { get; private set; }

    public override void Describe(ModelBuilder model) => model.Add(Sailor.Type)
        .When("harbour", harbour => harbour.Add(Sailor.SailsOn));

    public override void Attach(Hooks hooks, PluginContext context) => Context = context;
}

public static class Sailor
{
    public static readonly EntityType Type = EntityType.Named("Person", Label.Of("Marin", "Sailor"));
    public static readonly Field<string> Name = Type.Text("name", Label.Of("Nom", "Name"));
    public static readonly RelationshipType SailsOn = RelationshipType.Named("SailsOn", Label.Of("navigue sur", "sails on"), Label.Of("a pour équipage", "is sailed by"))
        .From(Type, "boat", Label.Of("Bateau", "Boat")).To(EntityType.Elsewhere("Boat"), "sailors", Label.Of("Équipage", "Crew")).OneTarget();
}
