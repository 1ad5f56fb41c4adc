using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>A person as known, or about to be made (version 0).</summary>
internal sealed class PersonFacts(EntityId id, int version, string familyName, string givenName, string? birthKey)
{
    public EntityId Id { get; } = id;
    public int Version { get; } = version;
    public string FamilyName { get; private set; } = familyName;
    public string GivenName { get; private set; } = givenName;
    public string? BirthKey { get; } = birthKey;
    /// <summary>The newest start of a function known; from it comes the spelling of the name.</summary>
    public DateOnly Newest { get; set; }
    public bool IsRespelt { get; private set; }
    public string Name => GivenName.Length == 0 ? FamilyName : FamilyName + " " + GivenName;

    public void Respell(string familyName, string givenName)
    {
        (FamilyName, GivenName) = (familyName, givenName);
        IsRespelt = true;
    }
}

/// <summary>A municipal mandate as known, or about to be made (version 0).</summary>
internal sealed class MandateFacts(EntityId id, int version, PersonFacts? holder, DateOnly from, DateOnly? to)
{
    public EntityId Id { get; } = id;
    public int Version { get; } = version;
    /// <summary>null when nobody is known to hold it.</summary>
    public PersonFacts? Holder { get; } = holder;
    /// <summary>The first day; the earliest there is when it is open on that side.</summary>
    public DateOnly From { get; } = from;
    public DateOnly? To { get; private set; } = to;
    public bool HasNewEnd { get; private set; }

    public void End(DateOnly on)
    {
        To = on;
        HasNewEnd = true;
    }
}

/// <summary>A mayor's function as known, or about to be made (version 0).</summary>
internal sealed class FunctionFacts(EntityId id, int version, MandateFacts mandate, DateOnly from, DateOnly? to)
{
    public EntityId Id { get; } = id;
    public int Version { get; } = version;
    public MandateFacts Mandate { get; } = mandate;
    public PersonFacts? Holder => Mandate.Holder;
    public DateOnly From { get; } = from;
    public DateOnly? To { get; private set; } = to;
    public bool HasNewEnd { get; private set; }

    public void End(DateOnly on)
    {
        To = on;
        HasNewEnd = true;
    }
}

/// <summary>A commune with its mayors, past ones included, as known, or about to be made (version 0).</summary>
internal sealed class CommuneFacts(EntityId id, int version, string code, string name)
{
    private readonly List<FunctionFacts> _functions = [];

    public EntityId Id { get; } = id;
    public int Version { get; } = version;
    public string Code { get; } = code;
    public string Name { get; private set; } = name;
    public bool IsRenamed { get; private set; }
    /// <summary>All municipal mandates here that are known, a mayor's or not.</summary>
    public List<MandateFacts> Mandates { get; } = [];
    /// <summary>By their first day.</summary>
    public IReadOnlyList<FunctionFacts> Functions => _functions;
    public FunctionFacts? Latest => _functions.Count == 0 ? null : _functions[^1];

    public void Add(FunctionFacts function)
    {
        var at = _functions.Count;
        while (at > 0 && _functions[at - 1].From > function.From)
            at--;
        _functions.Insert(at, function);
    }

    public void Rename(string name)
    {
        Name = name;
        IsRenamed = true;
    }
}
