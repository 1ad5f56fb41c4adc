namespace Xrm.Sdk.Tests;

public class SoundTests
{
    [Theory]
    [InlineData("APPÉRÉ", "Apere")]
    [InlineData("Nathalie", "Natali")]
    [InlineData("Lefèvre", "Lefebvre")]
    [InlineData("Lefèvre", "Lefeuvre")]
    [InlineData("Dupont", "Dupond")]
    [InlineData("Dupont", "Dupon")]
    [InlineData("Philippe", "Filipe")]
    [InlineData("Thierry", "Tiéri")]
    [InlineData("Guénaël", "Gwenaël")]
    [InlineData("Gauthier", "Gautier")]
    [InlineData("Gauthier", "Gothié")]
    [InlineData("Renault", "Renaud")]
    [InlineData("Renault", "Reno")]
    [InlineData("Thibault", "Tibo")]
    [InlineData("Moreau", "Morot")]
    [InlineData("Henri", "Anry")]
    [InlineData("Christophe", "Kristof")]
    [InlineData("Chloé", "Kloé")]
    [InlineData("François", "Fransois")]
    [InlineData("Jean", "Jan")]
    [InlineData("Jeanne", "Jane")]
    [InlineData("Hugues", "Ugue")]
    [InlineData("Guy", "Gui")]
    [InlineData("Yves", "Ive")]
    [InlineData("Xavier", "Zavié")]
    [InlineData("Benoît", "Benoist")]
    [InlineData("Mathieu", "Matthieux")]
    [InlineData("Geoffroy", "Joffroi")]
    [InlineData("Agnès", "Aniès")]
    [InlineData("Baptiste", "Batiste")]
    [InlineData("Vincent", "Vinsan")]
    [InlineData("Daniel", "Danièle")]
    [InlineData("Quentin", "Kantin")]
    [InlineData("Maillet", "Mayet")]
    [InlineData("Mireille", "Mireye")]
    [InlineData("Leclerc", "Leclair")]
    [InlineData("Leblanc", "Leblan")]
    [InlineData("Deschamps", "Dechant")]
    [InlineData("Lemaire", "Lemère")]
    [InlineData("Boucher", "Bouché")]
    [InlineData("Perrin", "Pérain")]
    [InlineData("Lebrun", "Lebrin")]
    [InlineData("Raymond", "Rémon")]
    [InlineData("Cécile", "Sésile")]
    [InlineData("Isabelle", "Izabel")]
    [InlineData("Schmitt", "Chmit")]
    [InlineData("Éric", "Erick")]
    [InlineData("Weber", "Véber")]
    [InlineData("Mickaël", "Mikael")]
    [InlineData("Michaël", "Mikael")]
    [InlineData("Étienne", "Étiène")]
    [InlineData("Lœuillet", "Loeuillet")]
    [InlineData("D'Œuvre-Saint", "d euvre sin")]
    public void Names_that_are_said_alike_have_one_key(string one, string other) => TextKey.Sound(other).ShouldBe(TextKey.Sound(one));

    [Theory]
    [InlineData("Martin", "Martine")]
    [InlineData("Jean", "Jeanne")]
    [InlineData("Simon", "Simone")]
    [InlineData("François", "Françoise")]
    [InlineData("Laurent", "Laurence")]
    [InlineData("Charlotte", "Charlot")]
    [InlineData("Robin", "Robinet")]
    [InlineData("Robert", "Rob")]
    [InlineData("Dupont", "Dupuis")]
    [InlineData("Dubois", "Dubost")]
    [InlineData("Girard", "Gérard")]
    [InlineData("Petit", "Petitot")]
    [InlineData("Paul", "Pau")]
    [InlineData("Lefèvre", "Lefort")]
    [InlineData("Roux", "Rousseau")]
    [InlineData("Blanchard", "Blanche")]
    [InlineData("Ney", "Noé")]
    [InlineData("Marc", "Mars")]
    [InlineData("Antoine", "Antonin")]
    public void Names_that_are_said_otherwise_have_other_keys(string one, string other) => TextKey.Sound(other).ShouldNotBe(TextKey.Sound(one));

    [Theory]
    [InlineData("APPÉRÉ Nathalie", "aper natali")]
    [InlineData("  12 bis, rue de l'Église ", "12 bis ry de l eglis")]
    [InlineData("Σοφία", "σοφια")]
    [InlineData("Le", "le")]
    [InlineData("É", "e")]
    [InlineData("", "")]
    [InlineData("?!", "")]
    public void Each_word_has_a_key(string text, string sound) => TextKey.Sound(text).ShouldBe(sound);

    [Fact]
    public void Every_word_has_a_key_and_none_is_longer_than_its_room()
    {
        var random = new Random(4);
        var room = new byte[6];
        for (var i = 0; i < 20_000; i++)
        {
            var word = new byte[1 + random.Next(12)];
            foreach (ref var letter in word.AsSpan())
                letter = (byte)"aeiouyhnmlstxzdpgcrbvkqjw"[random.Next(25)];
            TextKey.Sound(word, room).ShouldBeInRange(word.Any(l => l != 'h') ? 1 : 0, 6, System.Text.Encoding.ASCII.GetString(word));
        }
    }
}
