using Xrm.Sdk;

namespace Hello;

/// <summary>Staff write greetings; one without a text is given one.</summary>
public sealed class HelloPlugin : Plugin
{
    public override string Id => "hello";
    public override Label Title => Label.Of("Bonjour", "Hello");

    public override void Describe(ModelBuilder model) => model
        .Add(Greeting.Type)
        .Role("greeter", Label.Of("Accueil", "Greeter"), grant => grant.All(Sensitivity.Internal, Greeting.Type));

    public override void Attach(Hooks hooks, PluginContext context) =>
        hooks.Saving(Greeting.Type).Add((greeting, _) =>
        {
            if (string.IsNullOrEmpty(greeting.Get(Greeting.Text)))
                greeting.Put(Greeting.Text, $"Bonjour {greeting.Get(Greeting.Name)} !");
            return ValueTask.CompletedTask;
        });
}

/// <summary>What is said to somebody.</summary>
public static class Greeting
{
    public static readonly EntityType Type = EntityType.Named("Greeting", Label.Of("Salutation", "Greeting"));
    public static readonly Field<string> Name = Type.Text("name", Label.Of("Nom", "Name")).Required();
    public static readonly Field<string> Text = Type.Text("text", Label.Of("Texte", "Text"));
}
