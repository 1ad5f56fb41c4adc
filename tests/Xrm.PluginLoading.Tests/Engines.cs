using Xrm.Core;
namespace Xrm.PluginLoading.Tests;
internal static class Engines { public static ValueTask<Engine> Open() => Engine.Open(null!, new(), default); }
