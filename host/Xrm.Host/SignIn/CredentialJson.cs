using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Host.SignIn;

/// <summary>A <see cref="CredentialFile"/> as it is written down. By hand: for one file that each start reads, the serializer would look at every type anew, which takes longer than reading all of it.</summary>
internal static class CredentialJson
{
    private static readonly JsonWriterOptions Format = new() { Indented = true };

    /// <exception cref="JsonException">It is damaged.</exception>
    public static CredentialFile Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var file = document.RootElement;
        try
        {
            return new()
            {
                Accounts = All(file, "accounts", a => new Account(Text(a, "id"), Text(a, "name"), Roles(a), Time(a, "created"), MaybeTime(a, "lastSignIn"), MaybeText(a, "demo"))),
                Tokens = All(file, "tokens", t => new Token(Text(t, "id"), Text(t, "name"), Roles(t), Time(t, "created"), MaybeTime(t, "expires"), Text(t, "hash"))),
                Sessions = All(file, "sessions", PassOf),
                Links = All(file, "links", PassOf),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public static byte[] Write(CredentialFile file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            Write(json, "accounts", file.Accounts, account =>
            {
                json.WriteString("id", account.Id);
                json.WriteString("name", account.Name);
                WriteRoles(json, account.Roles);
                json.WriteString("created", account.Created);
                WriteTime(json, "lastSignIn", account.LastSignIn);
                json.WriteString("demo", account.Demo);
            });
            Write(json, "tokens", file.Tokens, token =>
            {
                json.WriteString("id", token.Id);
                json.WriteString("name", token.Name);
                WriteRoles(json, token.Roles);
                json.WriteString("created", token.Created);
                WriteTime(json, "expires", token.Expires);
                json.WriteString("hash", token.Hash);
            });
            Write(json, "sessions", file.Sessions, pass => WritePass(json, pass));
            Write(json, "links", file.Links, pass => WritePass(json, pass));
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static Pass PassOf(JsonElement json) => new(Text(json, "account"), Text(json, "hash"), Time(json, "expires"));

    private static void WritePass(Utf8JsonWriter json, Pass pass)
    {
        json.WriteString("account", pass.Account);
        json.WriteString("hash", pass.Hash);
        json.WriteString("expires", pass.Expires);
    }

    private static ImmutableArray<T> All<T>(JsonElement file, string name, Func<JsonElement, T> read) where T : class
    {
        if (!file.TryGetProperty(name, out var list))
            return [];
        var all = ImmutableArray.CreateBuilder<T>(list.GetArrayLength());
        foreach (var one in list.EnumerateArray())
            all.Add(read(one));
        return all.MoveToImmutable();
    }

    private static void Write<T>(Utf8JsonWriter json, string name, ImmutableArray<T> all, Action<T> write) where T : class
    {
        json.WriteStartArray(name);
        foreach (var one in all)
        {
            json.WriteStartObject();
            write(one);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ImmutableArray<string> Roles(JsonElement json) => All(json, "roles", role => role.GetString() ?? throw new FormatException("A role is null."));

    private static void WriteRoles(Utf8JsonWriter json, ImmutableArray<string> roles)
    {
        json.WriteStartArray("roles");
        foreach (var role in roles)
            json.WriteStringValue(role);
        json.WriteEndArray();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    private static string? MaybeText(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();

    private static DateTimeOffset? MaybeTime(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) && time.ValueKind != JsonValueKind.Null ? time.GetDateTimeOffset() : null;

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
            json.WriteString(name, at);
        else
            json.WriteNull(name);
    }
}
