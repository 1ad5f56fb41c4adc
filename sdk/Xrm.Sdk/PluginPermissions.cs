using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What a plugin asks to be allowed: shown before it is installed, and what its door is narrowed to.</summary>
public sealed record PluginPermissions
{
    /// <summary>Nothing.</summary>
    public static readonly PluginPermissions None = new();

    /// <summary>The names of others' types that it reads, in order: those it relates to or adds fields to, and those it asked for.</summary>
    public ImmutableArray<string> Reads { get; init; } = [];
    /// <summary>The names of the types that it writes, in order: those it brings or adds fields to, and those it asked for.</summary>
    public ImmutableArray<string> Writes { get; init; } = [];
    /// <summary>The HTTP endpoints that it answers.</summary>
    public ImmutableArray<EndpointPermission> Endpoints { get; init; } = [];
    /// <summary>The hosts that it calls, in order: <c>api.example.org</c>, or <c>*.example.org</c> for all below.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];
    /// <summary>What it does again and again.</summary>
    public ImmutableArray<SchedulePermission> Schedules { get; init; } = [];

    /// <summary>What a model needs of itself and what it asked for, parts for plugins that may not be there included: it is shown and granted once.</summary>
    public static PluginPermissions For(ModelDescription model)
    {
        var parts = model.Optional.Select(o => o.Model).Prepend(model).ToImmutableArray();
        var relationships = parts.SelectMany(m => m.RelationshipTypes).ToImmutableArray();
        var own = parts.SelectMany(m => m.EntityTypes).Select(t => t.Name).Concat(relationships.Select(t => t.Name)).ToImmutableSortedSet(StringComparer.Ordinal);
        var extended = parts.SelectMany(m => m.Extensions).Select(e => e.Type).ToImmutableArray();
        var related = relationships.SelectMany(r => r.Source.Types.Concat(r.Target.Types));
        var asked = parts.Select(m => m.Permissions).ToImmutableArray();
        var written = extended.Concat(asked.SelectMany(p => p.Writes)).ToImmutableArray();
        return new()
        {
            Reads = [.. written.Concat(related).Concat(asked.SelectMany(p => p.Reads)).ToImmutableSortedSet(StringComparer.Ordinal).Except(own)],
            Writes = [.. own.Union(written)],
            Endpoints = [.. asked.SelectMany(p => p.Endpoints).Distinct()],
            Hosts = [.. asked.SelectMany(p => p.Hosts).ToImmutableSortedSet(StringComparer.Ordinal)],
            Schedules = [.. asked.SelectMany(p => p.Schedules).Distinct()],
        };
    }
}

/// <summary>An endpoint that a plugin answers.</summary>
/// <param name="Path">Under <c>/plugins/&lt;id&gt;/</c>.</param>
/// <param name="IsPublic">Whether it answers people who are not signed in.</param>
public sealed record EndpointPermission(string Path, bool IsPublic);

/// <summary>Something that a plugin does again and again.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Every">The time between two runs; at least a second.</param>
public sealed record SchedulePermission(string Name, TimeSpan Every);

/// <summary>Collects what a plugin asks to be allowed while it describes itself.</summary>
public sealed class PermissionBuilder
{
    internal PermissionBuilder(PluginPermissions asked) => Asked = asked;

    internal PluginPermissions Asked { get; private set; }

    /// <summary>To read things of others' types, besides those that its own are related to.</summary>
    public PermissionBuilder Read(params ReadOnlySpan<EntityType> types)
    {
        foreach (var type in types)
            Asked = Asked with { Reads = Added(Asked.Reads, type.Name) };
        return this;
    }

    /// <summary>To make and change things of others' types.</summary>
    public PermissionBuilder Write(params ReadOnlySpan<EntityType> types)
    {
        foreach (var type in types)
            Asked = Asked with { Writes = Added(Asked.Writes, type.Name) };
        return this;
    }

    /// <summary>To read others' relationships.</summary>
    public PermissionBuilder Read(params ReadOnlySpan<RelationshipType> types)
    {
        foreach (var type in types)
            Asked = Asked with { Reads = Added(Asked.Reads, type.Name) };
        return this;
    }

    /// <summary>To make and change others' relationships.</summary>
    public PermissionBuilder Write(params ReadOnlySpan<RelationshipType> types)
    {
        foreach (var type in types)
            Asked = Asked with { Writes = Added(Asked.Writes, type.Name) };
        return this;
    }

    /// <summary>To answer HTTP at a path under <c>/plugins/&lt;id&gt;/</c>.</summary>
    /// <param name="path">Parts of lower case letters, digits, points and hyphens, parted by slashes.</param>
    /// <param name="isPublic">Whether people who are not signed in are answered too.</param>
    public PermissionBuilder Endpoint(string path, bool isPublic = false)
    {
        Asked = Asked with { Endpoints = Asked.Endpoints.Add(new(path, isPublic)) };
        return this;
    }

    /// <summary>To call a host: <c>api.example.org</c>, or <c>*.example.org</c> for all below.</summary>
    public PermissionBuilder Host(string host)
    {
        Asked = Asked with { Hosts = Added(Asked.Hosts, host) };
        return this;
    }

    /// <summary>To do something again and again.</summary>
    /// <param name="name">Lower case letters, digits and hyphens; the job is added under it.</param>
    /// <param name="every">The time between two runs; at least a second.</param>
    public PermissionBuilder Schedule(string name, TimeSpan every)
    {
        Asked = Asked with { Schedules = Asked.Schedules.Add(new(name, every)) };
        return this;
    }

    private static ImmutableArray<string> Added(ImmutableArray<string> names, string name) =>
        names.Contains(name) ? names : [.. names.Add(name).Order(StringComparer.Ordinal)];
}
