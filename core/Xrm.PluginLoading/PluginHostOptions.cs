using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xrm.Core.Administration;

namespace Xrm.PluginLoading;

/// <summary>What plugins are started from and with.</summary>
internal sealed record PluginHostOptions
{
    /// <summary>The packages that came with the host; null = none.</summary>
    public string? BundledFolder { get; init; }

    /// <summary>The data folder's <c>plugins</c>: packages that are installed, and what is unpacked of them. Made when it is not there.</summary>
    public required string PluginFolder { get; init; }

    /// <summary>The list of what is installed; null = in the plugin folder.</summary>
    public string? InstalledFile { get; init; }

    /// <summary>The ids of bundled plugins to install at this start, where they are not installed and nobody took them away.</summary>
    public required ImmutableArray<string> Wanted { get; init; }

    /// <summary>The authority's secret, from which plugins' keys are derived; 32 bytes at least.</summary>
    public required ReadOnlyMemory<byte> MasterKey { get; init; }

    /// <summary>A plugin's settings by its id.</summary>
    public Func<string, IReadOnlyDictionary<string, string>> Settings { get; init; } = _ => ImmutableDictionary<string, string>.Empty;

    /// <summary>Why a package that did not come with the host is trusted, by its bytes and hash; null = none is.</summary>
    public Func<ReadOnlyMemory<byte>, string, PackageTrust>? Trust { get; init; }

    /// <summary>What sends a plugin's HTTP requests, made for each plugin; null = the network.</summary>
    public Func<HttpMessageHandler>? Http { get; init; }

    /// <summary>Told of each run of a job as it begins; null = nobody is.</summary>
    public Action<Task>? Begun { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>How long a plugin may take to be made and describe itself, and to attach.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests that began on a plugin may go on using it after it left.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long whoever takes a plugin out of service waits for the proof that its code is gone.</summary>
    public TimeSpan ProofTime { get; init; } = TimeSpan.FromSeconds(5);

    public PackageLimits Limits { get; init; } = new();

    public string ListFile => InstalledFile ?? Path.Combine(PluginFolder, "installed.json");
}

/// <summary>What a package may weigh.</summary>
internal sealed record PackageLimits
{
    /// <summary>The file, in bytes.</summary>
    public long Package { get; init; } = 128 << 20;

    /// <summary>All that is in it, unpacked, in bytes.</summary>
    public long Unpacked { get; init; } = 512 << 20;

    /// <summary>Files in it.</summary>
    public int Entries { get; init; } = 5_000;

    /// <summary>Its <c>plugin.json</c>, in bytes.</summary>
    public long Manifest { get; init; } = 8 << 20;
}
