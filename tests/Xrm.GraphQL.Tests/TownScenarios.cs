namespace Xrm.GraphQL.Tests;

/// <summary>A filled town that the scenarios of a class share; they only read it.</summary>
public sealed class FilledTown : IAsyncLifetime
{
    internal TownServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TownServer.Filled();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
