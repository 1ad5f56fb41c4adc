using Microsoft.Playwright;

namespace Xrm.Staff.Tests.Browsing;

/// <summary>A page whose questions to the server wait until they are let go, so that two can be on their way at once.</summary>
sealed class HeldQuestions
{
    private readonly TaskCompletionSource _letGo = new();
    private readonly SemaphoreSlim _asked = new(0);

    private HeldQuestions()
    {
    }

    /// <summary>From now on a page's questions wait.</summary>
    public static async Task<HeldQuestions> Of(IPage page)
    {
        var held = new HeldQuestions();
        await page.RouteAsync("**/graphql", async route =>
        {
            held._asked.Release();
            await held._letGo.Task;
            await route.ContinueAsync();
        });
        return held;
    }

    /// <summary>Until one more is asked, which takes half a minute at the most.</summary>
    public async Task One() => (await _asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeTrue();

    /// <summary>All go on, those too that come later.</summary>
    public void LetGo() => _letGo.SetResult();
}
