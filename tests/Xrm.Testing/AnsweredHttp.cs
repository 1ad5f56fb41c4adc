namespace Xrm.Testing;

/// <summary>Answers what plugins ask of others as the test says.</summary>
/// <param name="answer">null = nobody answers.</param>
internal sealed class AnsweredHttp(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer is null
        ? throw new HttpRequestException($"No test answers for {request.RequestUri!.Host}: TestOptions.Http does.")
        : answer(request, cancellationToken);
}
