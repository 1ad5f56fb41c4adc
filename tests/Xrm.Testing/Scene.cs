using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>What is there while a scenario runs: the XRM, and things by the names that the test gave them.</summary>
public sealed class Scene
{
    private readonly Dictionary<string, Entity> _things = new(StringComparer.Ordinal);

    internal Scene(TestXrm xrm) => Xrm = xrm;

    /// <summary>The XRM of the scenario.</summary>
    public TestXrm Xrm { get; }

    /// <summary>A thing as an administrator sees it before this step.</summary>
    /// <exception cref="ArgumentException">Nothing of that name was given, or it was deleted.</exception>
    public Entity this[string name] => _things.GetValueOrDefault(name)
        ?? throw new ArgumentException($"there is no \"{name}\"; there are: {string.Join(", ", _things.Keys.Order(StringComparer.Ordinal))}");

    internal IXrm Door(Actor? actor) => actor is null ? Xrm.Xrm : Xrm.As(actor);

    internal void Know(string name, Entity thing) => _things[name] = thing;

    /// <summary>What the test calls a thing; its id when it gave it no name.</summary>
    internal string NameOf(EntityId id) => _things.FirstOrDefault(t => t.Value.Id == id).Key ?? id.ToString();

    /// <summary>Reads again what is known, and forgets what is gone. What is parked with its plugin stays as it was last seen.</summary>
    internal async Task Refresh()
    {
        foreach (var (name, thing) in _things.Where(t => Xrm.Engine.Model.Type(t.Value.Type) is not null).ToArray())
            if (await Xrm.Find(EntityType.Elsewhere(thing.Type), thing.Id) is { } now)
                _things[name] = now;
            else
                _things.Remove(name);
    }
}

/// <summary>A scenario did not go as it should; the message has all its steps, the one that went wrong marked.</summary>
public sealed class ScenarioFailure : Exception
{
    internal ScenarioFailure(string message, Exception inner) : base(message, inner) { }
}
