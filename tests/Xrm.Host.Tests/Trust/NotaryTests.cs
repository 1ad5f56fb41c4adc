using Xrm.Core.Administration;
using Xrm.Host.Tests.Plugins;
using Xrm.Host.Trust;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Host.Tests.Trust;

/// <summary>Who vouches for a package, with packages that were really signed.</summary>
public sealed class NotaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Author _author = new();

    private string File => Path.Combine(_folder.Path, "trust.json");

    private TrustList List => new(File);

    public void Dispose()
    {
        _author.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_package_that_nobody_signed_and_no_list_names_is_trusted_by_nobody() => Look(Packages.Hello).ShouldBe(Nobody());

    [Fact]
    public void A_package_on_the_list_is_trusted_by_its_hash_and_another_is_not()
    {
        List.Add(new(Packages.Sha256(Packages.Hello)), isCertificate: false);

        Look(Packages.Hello).By.ShouldBe("hash");
        Look(Packages.OtherHello()).By.ShouldBeNull();
    }

    [Fact]
    public async Task A_package_is_trusted_by_the_certificate_that_signed_it_when_that_is_on_the_list()
    {
        var signed = await _author.Sign(Packages.Hello);
        Look(signed).ShouldBe(Nobody());

        List.Add(new(_author.Fingerprint, "an author"), isCertificate: true);

        var trust = Look(signed);
        trust.By.ShouldBe("certificate");
        trust.Faults.ShouldBeEmpty();
        using var other = new Author();
        Look(await other.Sign(Packages.Hello)).ShouldBe(Nobody());
    }

    [Fact]
    public async Task A_fingerprint_among_the_hashes_of_packages_trusts_no_signature()
    {
        List.Add(new(_author.Fingerprint), isCertificate: false);

        Look(await _author.Sign(Packages.Hello)).By.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_package_that_was_changed_after_signing_is_refused_for_that_whoever_signed_it(bool isListed)
    {
        if (isListed)
            List.Add(new(_author.Fingerprint), isCertificate: true);
        var signed = await _author.Sign(Packages.Hello);
        var changed = (byte[])signed.Clone();
        changed[300] ^= 1;

        ShouldBeChanged(Look(changed));
        ShouldBeChanged(Look([.. signed, 0]));
        Look(Packages.With(signed, "plugin/Extra.dll", "not there when it was signed")).Faults.ShouldHaveSingleItem().Rule.ShouldBe("signature");
    }

    [Fact]
    public async Task A_signature_taken_from_another_package_vouches_for_nothing()
    {
        List.Add(new(_author.Fingerprint), isCertificate: true);
        var signature = Packages.Read(await _author.Sign(Packages.OtherHello()), ".signature.p7s");

        var trust = Look(Packages.WithStored(Packages.Hello, ".signature.p7s", signature));

        trust.By.ShouldBeNull();
        trust.Faults.ShouldHaveSingleItem().Rule.ShouldBe("signature");
    }

    [Fact]
    public async Task A_package_with_any_byte_different_is_never_trusted_by_its_signature()
    {
        List.Add(new(_author.Fingerprint), isCertificate: true);
        var signed = await _author.Sign(Packages.Hello);
        var random = new Random(20260105);

        for (var i = 0; i < 400; i++)
        {
            var changed = (byte[])signed.Clone();
            // The first hundred among the signature's own bytes, which come last.
            var at = i < 100 ? random.Next(signed.Length - 3000, signed.Length) : random.Next(signed.Length);
            changed[at] ^= (byte)(1 << random.Next(8));
            if (Look(changed) is { By: not null })
                // Some bytes say nothing: a time in the archive's directory for the signature's own entry, for one.
                Packages.Entries(changed).ShouldBe(Packages.Entries(signed), $"byte {at}");
        }
    }

    [Fact]
    public async Task What_the_list_names_by_hash_needs_no_good_signature()
    {
        var changed = await _author.Sign(Packages.Hello);
        changed[300] ^= 1;
        List.Add(new(Packages.Sha256(changed)), isCertificate: false);

        var trust = Look(changed);
        trust.By.ShouldBe("hash");
        trust.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_trusted_certificate_out_of_its_time_vouches_for_nothing_and_it_is_said_why(int days)
    {
        List.Add(new(_author.Fingerprint), isCertificate: true);

        var trust = Look(await _author.Sign(Packages.Hello), days);

        trust.By.ShouldBeNull();
        var fault = trust.Faults.ShouldHaveSingleItem();
        fault.Rule.ShouldBe("signature");
        fault.Message.En.ShouldContain("is good from");
        fault.Message.Fr.ShouldContain("ne vaut que du");
    }

    [Fact]
    public async Task A_timestamp_of_somebody_whom_the_machine_trusts_lets_an_expired_certificate_vouch_for_what_it_signed_in_time()
    {
        List.Add(new(_author.Fingerprint), isCertificate: true);
        using var stamper = new Stamper();
        var stamped = await _author.Sign(Packages.Hello, stamper);

        new Notary(List, Clock(10), stamper.Roots).Look(stamped, Packages.Sha256(stamped)).By.ShouldBe("certificate");
        using var other = new Stamper();
        new Notary(List, Clock(10), other.Roots).Look(stamped, Packages.Sha256(stamped)).By.ShouldBeNull();
        // The machine has never heard of it either.
        Look(stamped, 10).By.ShouldBeNull();
        Look(stamped).By.ShouldBe("certificate");
    }

    [Fact]
    public void A_list_that_cannot_be_read_is_told_and_nothing_is_trusted()
    {
        foreach (var text in new[] { "{", """{ "hashes": [{ "sha256": "12" }] }""", """{ "certificates": [null] }""", "[]" })
        {
            System.IO.File.WriteAllText(File, text);
            Should.Throw<Problem>(() => Look(Packages.Hello)).Code.ShouldBe(ProblemCode.Unavailable);
        }
    }

    [Fact]
    public void What_somebody_wrote_into_the_list_by_hand_holds_at_once()
    {
        var notary = new Notary(List, TimeProvider.System);
        var sha256 = Packages.Sha256(Packages.Hello);
        notary.Look(Packages.Hello, sha256).By.ShouldBeNull();

        System.IO.File.WriteAllText(File, $$"""{ "hashes": [{ "sha256": "{{string.Join(':', Convert.FromHexString(sha256).Select(b => b.ToString("X2", null)))}}" }] }""");

        notary.Look(Packages.Hello, sha256).By.ShouldBe("hash");
    }

    private static PackageTrust Nobody() => new(null, []);

    private static void ShouldBeChanged(PackageTrust trust)
    {
        trust.By.ShouldBeNull();
        var fault = trust.Faults.ShouldHaveSingleItem();
        fault.Message.En.ShouldContain("changed after signing");
        fault.Message.Fr.ShouldContain("modifié après sa signature");
        fault.Rule.ShouldBe("signature");
    }

    private static TestClock Clock(int days) => new(TimeProvider.System.GetUtcNow().AddDays(days));

    private PackageTrust Look(byte[] package, int days = 0) => new Notary(List, Clock(days)).Look(package, Packages.Sha256(package));
}
