using Microsoft.Extensions.Logging;

namespace Xrm.Sdk;

/// <summary>What a running plugin may hold. It dies with the plugin.</summary>
/// <param name="Xrm">The data, as the plugin (<c>plugin:&lt;id&gt;</c>), as far as it was granted; <see cref="IXrm.As"/> narrows it to what both may.</param>
/// <param name="Time">The clock; the only one to use.</param>
/// <param name="Services">The plugin's own services and the host's few shared ones.</param>
/// <param name="Settings">Its settings by name, from <c>XRM_PLUGIN_&lt;ID&gt;_&lt;NAME&gt;</c> or the settings file.</param>
/// <param name="Log">Its log.</param>
/// <param name="Secret">Derives a key of 32 bytes from the authority's secret, the plugin's id and a name: the same each time, of no use elsewhere.</param>
/// <param name="Http">Calls others over HTTP; hosts that the plugin did not ask for are refused.</param>
public sealed record PluginContext(
    IXrm Xrm,
    TimeProvider Time,
    IServiceProvider Services,
    IReadOnlyDictionary<string, string> Settings,
    ILogger Log,
    Func<string, byte[]> Secret,
    HttpClient Http);
