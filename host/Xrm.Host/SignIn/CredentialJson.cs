using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Host.SignIn;

/// <summary>How a <see cref="CredentialFile"/> is written down; made when this is compiled, for each start reads it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(CredentialFile))]
internal sealed partial class CredentialJson : JsonSerializerContext;
