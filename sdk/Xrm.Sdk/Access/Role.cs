using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>How much the public may know of a field; a grant reaches up to one of these.</summary>
public enum Sensitivity
{
    /// <summary>P0: public by law or open data.</summary>
    Public,
    /// <summary>P1: internal, not personal.</summary>
    Internal,
    /// <summary>P2: personal.</summary>
    Personal,
    /// <summary>P3: special or highly protected (GDPR art. 9, health, minors, free text).</summary>
    Special,
}

/// <summary>What one may do with things of a type. Rights add up.</summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>See them.</summary>
    Read = 1,
    /// <summary>Make them; for a relationship type, relate.</summary>
    Create = 2,
    /// <summary>Change them; for a relationship type, end too.</summary>
    Update = 4,
    /// <summary>Delete them; for a relationship type, unrelate.</summary>
    Delete = 8,
    /// <summary>All of these.</summary>
    All = Read | Create | Update | Delete,
}

/// <summary>One line of a role: what may be done with which things and fields of one type.</summary>
/// <param name="Type">The entity or relationship type's name.</param>
/// <param name="Rights">What may be done.</param>
/// <param name="UpTo">The most sensitive fields that it reaches.</param>
/// <remarks>Writing needs seeing: a right to change without <see cref="Rights.Read"/> on the same thing is no right.</remarks>
public sealed record Grant(string Type, Rights Rights, Sensitivity UpTo = Sensitivity.Personal)
{
    /// <summary>If not null, only these fields, whatever their sensitivity.</summary>
    public ImmutableArray<string>? Fields { get; init; }

    /// <summary>If not null, only the entities for which it holds; it sees all data, not only what the role sees.</summary>
    public Filter? Where { get; init; }
}

/// <summary>A bundle of rights that people and tokens hold. A name in several plugins is one role with all their grants.</summary>
/// <param name="Name">Lower camel case: <c>assemblyOffice</c>.</param>
/// <param name="Label">What people read.</param>
/// <param name="Grants">Together they give what each gives.</param>
public sealed record Role(string Name, Label Label, ImmutableArray<Grant> Grants)
{
    /// <summary>The role that may everything; the core's own, no plugin can declare it.</summary>
    public const string Administrator = "administrator";
}

/// <summary>Collects the grants of a role while a plugin describes it.</summary>
public sealed class GrantBuilder
{
    internal ImmutableArray<Grant>.Builder Grants { get; } = ImmutableArray.CreateBuilder<Grant>();

    /// <summary>All rights on these types, their fields up to a sensitivity.</summary>
    public GrantBuilder All(Sensitivity upTo, params ReadOnlySpan<EntityType> types) => Add(Rights.All, upTo, types);

    /// <summary>The right to see things of these types, their fields up to a sensitivity.</summary>
    public GrantBuilder Read(Sensitivity upTo, params ReadOnlySpan<EntityType> types) => Add(Rights.Read, upTo, types);

    /// <summary>All rights on these relationship types.</summary>
    public GrantBuilder All(params ReadOnlySpan<RelationshipType> types) => Add(Rights.All, types);

    /// <summary>The right to see these relationships, where both ends are seen.</summary>
    public GrantBuilder Read(params ReadOnlySpan<RelationshipType> types) => Add(Rights.Read, types);

    /// <summary>One grant in full.</summary>
    public GrantBuilder Add(Grant grant)
    {
        Grants.Add(grant);
        return this;
    }

    private GrantBuilder Add(Rights rights, Sensitivity upTo, ReadOnlySpan<EntityType> types)
    {
        foreach (var type in types)
            Grants.Add(new Grant(type.Name, rights, upTo));
        return this;
    }

    private GrantBuilder Add(Rights rights, ReadOnlySpan<RelationshipType> types)
    {
        foreach (var type in types)
            Grants.Add(new Grant(type.Name, rights, Sensitivity.Special));
        return this;
    }
}
