namespace Dramatis.Pictures;

/// <summary>Finds what a photograph shows, to be cut out of its ground.</summary>
public interface ICutOut
{
    /// <summary>A mask of the picture's size: white where its subject is, black where its ground is; null where nothing is to be cut away.</summary>
    /// <param name="picture">Opaque.</param>
    Picture? Mask(Picture picture);
}
